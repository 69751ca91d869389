import type { Selection } from '../selection';
import type { DiffChoice, RunTable } from '../wire';

/** A diff of more runs than these is a table of runs. */
const MOST_AFTER = 5;

/** Which run the others are held against, and which those are; none where there are not two runs. */
export interface Sides {
  readonly before: string;
  readonly after: readonly string[];
}

/**
 * Which runs are compared: those that the user chose; else the ticked ones against the pinned one, or without one against
 * the oldest of them; else the pinned one against the run pointed at; else the two newest. All of the table, newest first.
 */
export function chooseSides(
  table: RunTable,
  selection: Selection,
  choice: DiffChoice | null | undefined,
  pointed: string | null,
): Sides | null {
  const known = new Set(table.run_ids);
  const kept = (run: string | null | undefined): string | null => (run != null && known.has(run) ? run : null);
  const ticked = table.run_ids.filter((run) => selection.ticked.value.has(run));
  const passing = table.run_ids.filter((run) => selection.passes(run));
  const given = kept(choice?.before);
  const chosen = kept(choice?.after);
  const pinned = kept(selection.pinned.value);
  const oldest = ticked.length > 1 ? ticked.at(-1) : undefined;
  const base = given ?? (pinned === chosen ? null : pinned) ?? oldest ?? null;
  const others = (runs: readonly (string | null)[]): string[] =>
    runs.filter((run) => run !== null && run !== base) as string[];
  const after = chosen
    ? others([chosen])
    : ([others(ticked), others([kept(pointed)]), others(passing).slice(0, 1)].find((runs) => runs.length > 0) ?? []);
  const newest = after[0];
  if (newest === undefined) {
    return null;
  }
  const before = base ?? runBefore(newest, passing);
  return before === null ? null : { before, after: after.slice(0, MOST_AFTER) };
}

/** The run before this one, else any other. */
function runBefore(run: string, runs: readonly string[]): string | null {
  return runs[runs.indexOf(run) + 1] ?? runs.find((other) => other !== run) ?? null;
}
