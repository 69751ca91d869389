import type { ViewState } from '../wire';
import type { DecodedLine, DrawnLine, Extent } from './lines';
import { debiasedAverage } from './smoothing';

/** What a group's line and band are. */
export type Band = NonNullable<ViewState['band']>;

/** More places than a screen has columns would show nothing more. */
const MOST_PLACES = 1000;

/** What a band is, in words. */
export const BAND_WORDS: Record<Band, string> = {
  std: 'mean of the group, band: ± 1 standard deviation',
  quartiles: 'median of the group, band: quartiles (25 to 75 %)',
};

/**
 * The line of a group at the places where its runs have points: the mean of what they are there, with one sample standard
 * deviation on both sides, or the median with the quartiles. Between its points a run is taken for straight; before its
 * first and after its last it does not count. Smoothing is that of single lines, of the middle and of both edges.
 */
export function groupLine(
  id: string,
  lines: readonly DecodedLine[],
  { band, weight, log }: { band: Band; weight: number; log: boolean },
): DrawnLine {
  const x = places(lines, log);
  const spread = band === 'std' ? meanAndDeviation : quartiles;
  const values = lines.map((line) => valuesAt(line, x));
  const [low, mean, high] = [new Float64Array(x.length), new Float64Array(x.length), new Float64Array(x.length)];
  for (let at = 0; at < x.length; at++) {
    const here = values.map((of) => of[at] ?? Number.NaN).filter(Number.isFinite);
    [low[at], mean[at], high[at]] = spread(here);
  }
  return {
    id,
    x,
    mean,
    low: debiasedAverage(low, weight),
    high: debiasedAverage(high, weight),
    drawn: debiasedAverage(mean, weight),
    band: lines.length > 1,
    thinned: false,
    points: Math.max(0, ...lines.map((line) => line.points)),
    marks: lines.flatMap((line) => line.marks),
  };
}

/** Every x that one of the lines has, or as many at equal distances as there may be. */
function places(lines: readonly DecodedLine[], log: boolean): Float64Array {
  const all = new Set<number>();
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { x } of lines) {
    for (const at of x) {
      if (!log || at > 0) {
        low = Math.min(low, at);
        high = Math.max(high, at);
        if (all.size <= MOST_PLACES) {
          all.add(at);
        }
      }
    }
  }
  return all.size <= MOST_PLACES ? Float64Array.from(all).sort() : evenly([low, high], log);
}

function evenly([low, high]: Extent, log: boolean): Float64Array {
  const between = (fraction: number): number => (log ? low * (high / low) ** fraction : low + (high - low) * fraction);
  return Float64Array.from({ length: MOST_PLACES }, (_, at) => Math.min(high, between(at / (MOST_PLACES - 1))));
}

/** What a line is at ascending places: the mean of its points there, else straight between its neighbours; NaN outside. */
export function valuesAt(line: DecodedLine, places: Float64Array): Float64Array {
  const { x, mean } = line;
  const values = new Float64Array(places.length).fill(Number.NaN);
  let right = 0;
  for (const [at, place] of places.entries()) {
    while (right < x.length && (x[right] ?? place) < place) {
      right++;
    }
    let sum = 0;
    let count = 0;
    for (let same = right; same < x.length && x[same] === place; same++) {
      sum += mean[same] ?? Number.NaN;
      count++;
    }
    if (count > 0) {
      values[at] = sum / count;
    } else if (right > 0 && right < x.length) {
      const [x0, x1] = [x[right - 1] ?? place, x[right] ?? place];
      const [y0, y1] = [mean[right - 1] ?? Number.NaN, mean[right] ?? Number.NaN];
      values[at] = y0 + ((y1 - y0) * (place - x0)) / (x1 - x0);
    }
  }
  return values;
}

function meanAndDeviation(values: readonly number[]): [number, number, number] {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = count > 1 ? Math.sqrt(squares / (count - 1)) : 0;
  return [mean - deviation, mean, mean + deviation];
}

function quartiles(values: readonly number[]): [number, number, number] {
  const sorted = Float64Array.from(values).sort();
  return [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
}

/** A quantile of ascending values, straight between neighbours as numpy's; NaN of none. */
export function quantile(sorted: Float64Array, fraction: number): number {
  const place = fraction * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return below + (above - below) * (place - Math.floor(place));
}
