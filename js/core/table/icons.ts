import { makeSvg } from '../elements';

const PIN =
  'M10 1.5 14.5 6l-1 1-.9-.2-2.8 2.8.3 2.8-1.1 1.1-2.9-2.9-3.7 3.4-.4-.4 3.4-3.7L2.5 7l1.1-1.1 2.8.3L9.2 3.4 9 2.5z';
const STAR = 'M8 1.8l1.9 4 4.4.6-3.2 3.1.8 4.4L8 11.8l-3.9 2.1.8-4.4L1.7 6.4l4.4-.6z';

const EYE =
  'M1.5 8C3 5.2 5.3 3.8 8 3.8s5 1.4 6.5 4.2c-1.5 2.8-3.8 4.2-6.5 4.2S3 10.8 1.5 8zM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z';
const CLOSED_EYE = 'M1.5 7C3 9.4 5.3 10.6 8 10.6S13 9.4 14.5 7M8 10.8V13M3.9 9.6 2.7 11.4M12.1 9.6l1.2 1.8';

const FOLD = 'M6 4l4 4-4 4z';

const PATHS = { fold: FOLD, pin: PIN, star: STAR, eye: EYE, 'closed eye': CLOSED_EYE } as const;

export type Icon = keyof typeof PATHS;

/** A small drawing in the colour of text, for buttons that say in words what they are. */
export function icon(name: Icon): SVGElement {
  const path = makeSvg('path', { d: PATHS[name] });
  return makeSvg('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, path);
}
