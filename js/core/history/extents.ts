import { quantile } from './bands';
import type { DrawnLine, Extent } from './lines';
import { lowerBound } from './lines';

/** The x axis that shows all lines; null if there is nothing to show. Marks count: a run of NaN only has its place. */
export function xExtent(lines: readonly DrawnLine[], log: boolean): Extent | null {
  const range = new Range(log);
  for (const { x, marks } of lines) {
    // Ascending: the ends are enough.
    range.include(log ? x[lowerBound(x, Number.MIN_VALUE)] : x[0]);
    range.include(x[x.length - 1]);
    for (const mark of marks) {
      range.include(mark.x);
    }
  }
  return range.extent;
}

/** The y axis that shows what lines have within `x`, envelopes included, with a little air. */
export function yExtent(lines: readonly DrawnLine[], x: Extent, log: boolean): Extent | null {
  const range = new Range(log);
  for (const line of lines) {
    const last = Math.min(lowerBound(line.x, x[1]), line.x.length - 1);
    for (let at = Math.max(0, lowerBound(line.x, x[0]) - 1); at <= last; at++) {
      range.include(line.low[at]);
      range.include(line.high[at]);
      range.include(line.drawn[at]);
    }
  }
  return range.extent && pad(range.extent, log);
}

/** The part of what lines have within `x` that clipping keeps, in quantiles. */
const KEPT = [0.02, 0.98] as const;

/** The y axis without the most extreme 2 % of the values within `x` on either side; of thinned points their ends count. */
export function clippedExtent(lines: readonly DrawnLine[], x: Extent, log: boolean): Extent | null {
  const values: number[] = [];
  for (const line of lines) {
    for (let at = lowerBound(line.x, x[0]); at < line.x.length && (line.x[at] ?? 0) <= x[1]; at++) {
      for (const value of [line.low[at], line.high[at]]) {
        if (value !== undefined && Number.isFinite(value) && !(log && value <= 0)) {
          values.push(value);
        }
      }
    }
  }
  if (values.length === 0) {
    return null;
  }
  const sorted = Float64Array.from(values).sort();
  return pad(widen([quantile(sorted, KEPT[0]), quantile(sorted, KEPT[1])], log), log);
}

/** What shows all of several parts. */
export function joinExtents(extents: readonly (Extent | null)[]): Extent | null {
  const found = extents.filter((extent) => extent !== null);
  return found.length === 0
    ? null
    : [Math.min(...found.map(([low]) => low)), Math.max(...found.map(([, high]) => high))];
}

/** Of an axis that grows: what it is made longer by, and how much of it may be empty before it shrinks. */
const ROOM = 0.1;
const MOST_EMPTY = 0.3;

/**
 * The axis for lines that go on: the one shown before while it fits, else one with room at the ends that moved, so that
 * it stands still for a while and what does not move need not be drawn again.
 */
export function steadyExtent(before: Extent | null, now: Extent, log: boolean): Extent {
  const span = ([low, high]: Extent): number => (log ? Math.log(high / low) : high - low);
  const moved = (end: number, by: number): number => (log ? end * Math.exp(by) : end + by);
  if (before === null || (log && before[0] <= 0)) {
    return now;
  }
  const [low, high] = now;
  const fits = low >= before[0] && high <= before[1];
  if (fits && span(now) >= (1 - MOST_EMPTY) * span(before)) {
    return before;
  }
  const room = fits ? 0 : ROOM * span(now);
  return [low < before[0] ? moved(low, -room) : low, high > before[1] ? moved(high, room) : high];
}

/** How many points drawn within `x` lie outside of `y`. */
export function countOutside(lines: readonly DrawnLine[], x: Extent, y: Extent): number | null {
  if (lines.some(({ band }) => band)) {
    return null;
  }
  let outside = 0;
  for (const line of lines) {
    for (let at = lowerBound(line.x, x[0]); at < line.x.length && (line.x[at] ?? 0) <= x[1]; at++) {
      const value = line.mean[at] ?? Number.NaN;
      outside += value < y[0] || value > y[1] ? 1 : 0;
    }
  }
  return outside;
}

/** How many drawn points a log axis cannot show because they are zero or less. */
export function countHidden(lines: readonly DrawnLine[], logX: boolean, logY: boolean): number {
  let hidden = 0;
  for (const line of lines) {
    for (const [at, y] of line.drawn.entries()) {
      const below = (logX && (line.x[at] ?? 1) <= 0) || (logY && y <= 0);
      hidden += below && Number.isFinite(y) ? 1 : 0;
    }
  }
  return hidden;
}

/** The ends of the finite values put into it, on a log axis of the positive ones. */
class Range {
  readonly #log: boolean;
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;

  constructor(log: boolean) {
    this.#log = log;
  }

  include(value: number | undefined): void {
    if (value !== undefined && Number.isFinite(value) && !(this.#log && value <= 0)) {
      this.#low = Math.min(this.#low, value);
      this.#high = Math.max(this.#high, value);
    }
  }

  get extent(): Extent | null {
    return this.#low <= this.#high ? widen([this.#low, this.#high], this.#log) : null;
  }
}

/** An axis needs two ends: a single value gets some room on both sides. */
function widen([low, high]: Extent, log: boolean): Extent {
  if (high > low) {
    return [low, high];
  }
  if (log) {
    return [low / 2, high * 2];
  }
  const room = Math.abs(low) / 10 || 0.5;
  return [low - room, high + room];
}

function pad([low, high]: Extent, log: boolean): Extent {
  if (log) {
    const factor = (high / low) ** 0.04;
    return [low / factor, high * factor];
  }
  const room = (high - low) * 0.04;
  return [low - room, high + room];
}
