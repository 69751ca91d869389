import { type Cell, cellNumber } from '../numbers';
import { findColumn, runRows } from '../runs';
import type { Column, RunTable, Sort } from '../wire';

/** Orders runs by a column; what is missing or NaN comes last either way, and equals keep their order (newest first). */
export function sortRuns(table: RunTable, runs: readonly string[], sort: Sort | null): string[] {
  const column = sort === null ? undefined : findColumn(table, sort.key);
  if (sort === null || column === undefined) {
    return [...runs];
  }
  const rows = runRows(table);
  const keyed = runs.map((run) => ({ run, key: sortKey(column.values[rows.get(run) ?? -1]) }));
  const sign = sort.descending ? -1 : 1;
  keyed.sort((a, b) => compareKeys(a.key, b.key, sign));
  return keyed.map(({ run }) => run);
}

/** The sort that a click on a column's header asks for: its better end first, then the other, then none. */
export function nextSort(column: Column, current: Sort | null): Sort | null {
  const first = column.goal === 'max' || column.kind === 'time';
  if (current?.key !== column.key) {
    return { key: column.key, descending: first };
  }
  return (current.descending ?? false) === first ? { key: column.key, descending: !first } : null;
}

type SortKey = number | string | null;

function sortKey(cell: Cell | undefined): SortKey {
  const number = cellNumber(cell);
  if (number !== null) {
    return Number.isNaN(number) ? null : number;
  }
  return typeof cell === 'boolean' ? Number(cell) : (cell ?? null);
}

function compareKeys(a: SortKey, b: SortKey, sign: number): number {
  if (a === null || b === null) {
    return Number(a === null) - Number(b === null);
  }
  if (typeof a === 'string' || typeof b === 'string') {
    return sign * String(a).localeCompare(String(b), 'en', { numeric: true });
  }
  return a === b ? 0 : sign * (a < b ? -1 : 1);
}
