import type { Selection } from '../selection';
import type { RunTable } from '../wire';

/** The most lines asked for and drawn at once. */
export const MOST_LINES = 1000;

/** Numbers that a picture of many lines is made of: more take seconds to travel and to draw. */
const MOST_COLUMNS = 200_000;
const PIXELS_STEP = 100;

/** In how many columns to ask for the lines of so many runs, on a chart so many pixels wide. */
export function columnsFor(width: number, runs: number): number {
  const fair = Math.floor(MOST_COLUMNS / Math.max(1, runs) / PIXELS_STEP) * PIXELS_STEP;
  return Math.min(Math.ceil(width / PIXELS_STEP) * PIXELS_STEP, Math.max(PIXELS_STEP, fair));
}

/** The runs whose lines are asked for. */
export interface ChosenRuns {
  readonly runs: readonly string[];
  /** How many there would be without the limit. */
  readonly wanted: number;
}

/**
 * Chooses the runs to draw: all where they are few, so that a brush never needs to ask; else the pinned one, the ticked
 * ones and then the newest of those that pass all filters.
 */
export function chooseRuns(table: RunTable, selection: Selection, most = MOST_LINES): ChosenRuns {
  if (table.run_ids.length <= most) {
    return { runs: table.run_ids, wanted: table.run_ids.length };
  }
  const passing = table.run_ids.filter((run) => selection.passes(run));
  const rank = (run: string): number => (run === selection.pinned.value ? 0 : selection.ticked.value.has(run) ? 1 : 2);
  const ranked = passing.map((run) => [rank(run), run] as const).sort(([a], [b]) => a - b);
  return { runs: ranked.slice(0, most).map(([, run]) => run), wanted: passing.length };
}
