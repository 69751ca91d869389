import type { Column } from '../wire';
import type { DecodedLine } from './lines';

/** Where a line is best. */
export interface BestPoint {
  readonly x: number;
  readonly value: number;
  /** Whether x is only near it: it lies among points that are drawn as one. */
  readonly near: boolean;
}

/** The best point of a line by its metric's goal; null where nobody knows the goal, or no point is finite. */
export function bestPoint(line: DecodedLine, goal: Column['goal']): BestPoint | null {
  if (goal == null) {
    return null;
  }
  const values = !line.thinned ? line.mean : goal === 'min' ? line.low : line.high;
  let best = -1;
  for (const [at, value] of values.entries()) {
    const than = values[best] ?? Number.NaN;
    if (Number.isFinite(value) && (best < 0 || (goal === 'min' ? value < than : value > than))) {
      best = at;
    }
  }
  return best < 0 ? null : { x: line.x[best] ?? Number.NaN, value: values[best] ?? Number.NaN, near: line.thinned };
}
