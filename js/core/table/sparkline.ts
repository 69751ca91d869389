import { makeSvg } from '../elements';

const WIDTH = 84;
const HEIGHT = 18;
const MARGIN = 2;

/** A line through points, from its own lowest to its own highest; empty with fewer than two. What is not finite is a gap. */
export function sparkPath(xs: ArrayLike<number>, ys: ArrayLike<number>): string {
  const points = Array.from(xs, (x, at): [number, number] => [x, ys[at] ?? Number.NaN]);
  const finite = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  if (finite.length < 2) {
    return '';
  }
  const place = (values: readonly number[], from: number, to: number): ((value: number) => string) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const middle = (from + to) / 2;
    return (value) => (low === high ? middle : from + ((value - low) / (high - low)) * (to - from)).toFixed(1);
  };
  const left = place(
    finite.map(([x]) => x),
    MARGIN,
    WIDTH - MARGIN,
  );
  const top = place(
    finite.map(([, y]) => y),
    HEIGHT - MARGIN,
    MARGIN,
  );
  let pen = 'M';
  let path = '';
  for (const [x, y] of points) {
    if (Number.isFinite(x) && Number.isFinite(y)) {
      path += `${pen}${left(x)} ${top(y)}`;
      pen = 'L';
    } else {
      pen = 'M';
    }
  }
  return path;
}

/** The line drawn in a colour, and what it is in words. */
export function sparkline(path: string, colour: string, words: string): SVGElement {
  const size = { width: String(WIDTH), height: String(HEIGHT), viewBox: `0 0 ${WIDTH} ${HEIGHT}` };
  const line = makeSvg('path', { d: path, stroke: colour });
  return makeSvg('svg', { ...size, class: 'trackside-spark', role: 'img', 'aria-label': words }, line);
}
