import type { DrawnLine } from './lines';
import { lowerBound } from './lines';

/** What one line shows at the place pointed to. */
export interface Reading {
  /** The line's id. */
  readonly id: string;
  readonly x: number;
  /** As drawn: smoothed where smoothing is on, the mean of a thinned column. */
  readonly drawn: number;
  readonly raw: number;
}

/** The readings of a long list that are shown, around the one looked at, and how many are left out on both sides. */
export interface Excerpt {
  readonly shown: readonly Reading[];
  readonly above: number;
  readonly below: number;
}

/** The index of the x nearest to `x`; −1 if there is none within `tolerance`. */
export function nearestIndex(xs: Float64Array, x: number, tolerance: number): number {
  const right = lowerBound(xs, x);
  const distance = (at: number): number => Math.abs((xs[at] ?? Number.POSITIVE_INFINITY) - x);
  const nearest = right > 0 && distance(right - 1) <= distance(right) ? right - 1 : right;
  const inside = right > 0 && right < xs.length;
  return nearest < xs.length && (inside || distance(nearest) <= tolerance) ? nearest : -1;
}

/** What every line shows at `x`, highest first, NaN last; lines that end more than `tolerance` before or after it are left out. */
export function readAt(lines: readonly DrawnLine[], x: number, tolerance: number): Reading[] {
  const readings: Reading[] = [];
  for (const line of lines) {
    const at = nearestIndex(line.x, x, tolerance);
    if (at >= 0) {
      const raw = line.mean[at] ?? Number.NaN;
      readings.push({ id: line.id, x: line.x[at] ?? x, drawn: line.drawn[at] ?? raw, raw });
    }
  }
  const rank = (reading: Reading): number => (Number.isNaN(reading.drawn) ? Number.NEGATIVE_INFINITY : reading.drawn);
  return readings.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
}

/** The line whose reading is nearest to the pointer, by `distance` on the screen; none if all are farther than `reach`. */
export function nearestLine(
  readings: readonly Reading[],
  distance: (reading: Reading) => number,
  reach: number,
): string | null {
  let best: string | null = null;
  let least = reach;
  for (const reading of readings) {
    const away = distance(reading);
    if (away <= least) {
      least = away;
      best = reading.id;
    }
  }
  return best;
}

/** At most `most` readings, around that of the line `id`. */
export function excerpt(readings: readonly Reading[], id: string | null, most: number): Excerpt {
  const focus = Math.max(
    0,
    readings.findIndex((reading) => reading.id === id),
  );
  const from = Math.max(0, Math.min(focus - Math.floor(most / 2), readings.length - most));
  const shown = readings.slice(from, from + most);
  return { shown, above: from, below: readings.length - from - shown.length };
}
