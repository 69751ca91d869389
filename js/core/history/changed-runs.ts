import { findColumn, runRows } from '../runs';
import type { RunTable } from '../wire';

/** The runs whose lines may be longer in `now` than they were in `before`: those that go on, are new or have new values. */
export function changedRuns(before: RunTable, now: RunTable): string[] {
  const rows = runRows(before);
  const status = findColumn(now, 'run:status')?.values ?? [];
  const told = now.columns.filter(({ group, key }) => group === 'metric' || key === 'run:status');
  const pairs = told.map(({ key, values }) => [findColumn(before, key)?.values, values] as const);
  return now.run_ids.filter((run, row) => {
    const old = rows.get(run);
    return (
      old === undefined ||
      status[row] === 'running' ||
      pairs.some(([past, present]) => (past?.[old] ?? null) !== (present[row] ?? null))
    );
  });
}
