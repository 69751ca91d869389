import type { Column, RunTable } from './wire';

const positions = new WeakMap<RunTable, ReadonlyMap<string, number>>();

/** Each run's row in the table. */
export function runRows(table: RunTable): ReadonlyMap<string, number> {
  let rows = positions.get(table);
  if (rows === undefined) {
    rows = new Map(table.run_ids.map((run, row) => [run, row]));
    positions.set(table, rows);
  }
  return rows;
}

/** The column with this key, if the table has it. */
export function findColumn(table: RunTable, key: string): Column | undefined {
  return table.columns.find((column) => column.key === key);
}

/** What each run is called, without what tells it from its namesakes. */
export function runNames(table: RunTable): readonly string[] {
  return table.names ?? table.run_ids.map((run) => runName(run, table));
}

/** What legends call a run: its `run:name`, or else the random end of its id. */
export function runName(run: string, table: RunTable): string {
  const row = runRows(table).get(run);
  const name = row === undefined ? null : findColumn(table, 'run:name')?.values[row];
  return typeof name === 'string' && name !== '' ? name : run.slice(-5);
}
