import { cellNumber } from './numbers';
import { findColumn } from './runs';
import type { Passing } from './selection';
import type { RunTable, ViewState } from './wire';

/**
 * A table's runs, those that people look for first: the best, pinned, ticked, starred and kept ones. Those that pass the
 * filter, if there is one, come before all others. `wanted_first` in Python has the same rule.
 */
export function wantedFirst(table: RunTable, { pinned, ticked = [] }: ViewState, passing?: Passing): string[] {
  const shelves = findColumn(table, 'run:shelf')?.values ?? [];
  const kept = table.run_ids.filter((_, row) => shelves[row] === 'kept');
  const known = new Set(table.run_ids);
  const chosen = [bestRun(table), pinned, table.baseline, ...ticked, ...(table.starred ?? []), ...kept];
  const wanted = new Set([...chosen.filter((run): run is string => run != null && known.has(run)), ...table.run_ids]);
  const fails = (run: string): number => Number(passing !== undefined && !passing.has(run));
  return [...wanted].sort((a, b) => fails(a) - fails(b));
}

/** The run with the best last value of the main metric, the newest of several; null where nobody can tell. */
export function bestRun(table: RunTable): string | null {
  const { goal, values = [] } = findColumn(table, table.main ?? '') ?? {};
  if (goal == null) {
    return null;
  }
  let best: [string, number] | null = null;
  for (const [row, run] of table.run_ids.entries()) {
    const value = cellNumber(values[row] ?? null);
    if (
      value !== null &&
      Number.isFinite(value) &&
      (best === null || (goal === 'min' ? value < best[1] : value > best[1]))
    ) {
      best = [run, value];
    }
  }
  return best?.[0] ?? null;
}
