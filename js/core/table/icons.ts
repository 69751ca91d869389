import { makeSvg } from '../elements';

const PIN =
  'M10 1.5 14.5 6l-1 1-.9-.2-2.8 2.8.3 2.8-1.1 1.1-2.9-2.9-3.7 3.4-.4-.4 3.4-3.7L2.5 7l1.1-1.1 2.8.3L9.2 3.4 9 2.5z';
const STAR = 'M8 1.8l1.9 4 4.4.6-3.2 3.1.8 4.4L8 11.8l-3.9 2.1.8-4.4L1.7 6.4l4.4-.6z';

/** A small drawing in the colour of text, for buttons that say in words what they are. */
export function icon(name: 'pin' | 'star'): SVGElement {
  const path = makeSvg('path', { d: name === 'pin' ? PIN : STAR });
  return makeSvg('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, path);
}
