import { decodeFloats } from '../numbers';
import type { History, Line } from '../wire';
import { debiasedAverage } from './smoothing';

export type NonFiniteKind = Line['non_finite']['kinds'][number];

/** A place where a line is not a number. */
export interface Mark {
  readonly x: number;
  readonly kind: NonFiniteKind;
}

/** One run's metric, or a group's, as numbers, its x ascending; a gap has NaN in low, high and mean. */
export interface DecodedLine {
  /** The run's id, or the group's. */
  readonly id: string;
  readonly x: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly mean: Float64Array;
  /** Whether low and high are a band of their own. */
  readonly band: boolean;
  /** Whether a place stands for several points. */
  readonly thinned: boolean;
  readonly points: number;
  readonly marks: readonly Mark[];
}

/** A line and what is drawn strong of it: its smoothed mean, or the mean itself. */
export interface DrawnLine extends DecodedLine {
  readonly drawn: Float64Array;
}

/** A low and a high end. */
export type Extent = readonly [number, number];

const decoded = new WeakMap<Line, DecodedLine>();
const smoothed = new WeakMap<DecodedLine, { readonly weight: number; readonly line: DrawnLine }>();

/** The lines of an answer; one that was decoded before is the same object again. */
export function decodeLines(history: History): DecodedLine[] {
  return history.lines.map((line) => {
    const found = decoded.get(line) ?? decodeLine(line);
    decoded.set(line, found);
    return found;
  });
}

function decodeLine(line: Line): DecodedLine {
  const at = decodeFloats(line.non_finite.x);
  const mean = decodeFloats(line.mean);
  return {
    id: line.run_id,
    x: decodeFloats(line.x),
    low: line.low === '' ? mean : decodeFloats(line.low),
    high: line.high === '' ? mean : decodeFloats(line.high),
    mean,
    band: line.thinned,
    thinned: line.thinned,
    points: line.points,
    marks: line.non_finite.kinds.map((kind, index) => ({ x: at[index] ?? Number.NaN, kind })),
  };
}

/** The lines that are worth drawing, and the values of those with one point only, which are not while others have more. */
export function withoutSingles<L extends DecodedLine>(
  lines: readonly L[],
  isSingle: (line: L) => boolean,
): { lines: readonly L[]; singles: readonly number[] } {
  const singles = lines.filter(isSingle);
  return singles.length === lines.length
    ? { lines, singles: [] }
    : {
        lines: lines.filter((line) => !isSingle(line)),
        singles: singles.map((line) => line.mean.at(-1) ?? Number.NaN),
      };
}

/** Lines with their smoothed selves; one that was smoothed so before is the same object again. */
export function smoothLines(lines: readonly DecodedLine[], weight: number): DrawnLine[] {
  return lines.map((line) => {
    const found = smoothed.get(line);
    if (found?.weight === weight) {
      return found.line;
    }
    const drawn = { ...line, drawn: debiasedAverage(line.mean, weight) };
    smoothed.set(line, { weight, line: drawn });
    return drawn;
  });
}

/** The parts `[from, to)` of a line between its gaps; on a log axis values that are not positive are gaps too. */
export function stretches(line: DecodedLine, values: Float64Array, logX: boolean, logY: boolean): [number, number][] {
  const found: [number, number][] = [];
  let from = -1;
  for (let at = 0; at <= values.length; at++) {
    const y = values[at] ?? Number.NaN;
    const x = line.x[at] ?? Number.NaN;
    const drawable = Number.isFinite(y) && Number.isFinite(x) && (!logX || x > 0) && (!logY || y > 0);
    if (drawable && from < 0) {
      from = at;
    } else if (!drawable && from >= 0) {
      found.push([from, at]);
      from = -1;
    }
  }
  return found;
}

/** The index of the first x that is not below `value`. */
export function lowerBound(xs: Float64Array, value: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? Number.NaN) < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
