import type { Column } from '../wire';

/** What makes a run better on one axis: its places there, and whether they should be high. */
export interface Objective {
  readonly places: Float32Array;
  readonly goal: NonNullable<Column['goal']>;
}

/**
 * The rows that no other beats on both axes, from the best on the first axis to the best on the second. Runs that are
 * alike in both stand on the front together.
 */
export function paretoFront(rows: ArrayLike<number>, first: Objective, second: Objective): number[] {
  const cost = ({ places, goal }: Objective, row: number): number => (places[row] ?? 0) * (goal === 'max' ? -1 : 1);
  const sorted = Array.from(rows)
    .filter((row) => !Number.isNaN(cost(first, row) + cost(second, row)))
    .sort((a, b) => cost(first, a) - cost(first, b) || cost(second, a) - cost(second, b));
  const front: number[] = [];
  for (const row of sorted) {
    const last = front.at(-1);
    const isAlike =
      last !== undefined && cost(first, row) === cost(first, last) && cost(second, row) === cost(second, last);
    if (last === undefined || isAlike || cost(second, row) < cost(second, last)) {
      front.push(row);
    }
  }
  return front;
}
