import type { DrawnLine, Extent } from './lines';
import { lowerBound } from './lines';

/** The x axis that shows all lines; null if there is nothing to show. Marks count: a run of NaN only has its place. */
export function xExtent(lines: readonly DrawnLine[], log: boolean): Extent | null {
  let extent: Extent | null = null;
  for (const line of lines) {
    for (const x of line.x) {
      extent = include(extent, x, log);
    }
    for (const mark of line.marks) {
      extent = include(extent, mark.x, log);
    }
  }
  return extent && widen(extent, log);
}

/** The y axis that shows what lines have within `x`, envelopes included, with a little air. */
export function yExtent(lines: readonly DrawnLine[], x: Extent, log: boolean): Extent | null {
  let extent: Extent | null = null;
  for (const line of lines) {
    const last = lowerBound(line.x, x[1]);
    for (let at = Math.max(0, lowerBound(line.x, x[0]) - 1); at <= Math.min(last, line.x.length - 1); at++) {
      for (const values of [line.low, line.high, line.drawn]) {
        extent = include(extent, values[at] ?? Number.NaN, log);
      }
    }
  }
  return extent && pad(widen(extent, log), log);
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

function include(extent: Extent | null, value: number, log: boolean): Extent | null {
  if (!Number.isFinite(value) || (log && value <= 0)) {
    return extent;
  }
  return extent === null ? [value, value] : [Math.min(extent[0], value), Math.max(extent[1], value)];
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
