import { LabIcon } from '@jupyterlab/ui-components';

/** Two lines that fall from one start, as two runs' losses do. */
export const tracksideIcon = new LabIcon({
  name: 'trackside:icon',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
    <path class="jp-icon3" fill="#616161" d="M3 3h2v16h16v2H3z"/>
    <path class="jp-icon3" fill="none" stroke="#616161" stroke-width="2" stroke-linecap="round"
      d="M7.5 5.5c2 7 5 9.500 12.500 10" style="fill:none"/>
    <circle class="jp-icon3" fill="#616161" cx="19" cy="6.500" r="2.500"/>
  </svg>`,
});
