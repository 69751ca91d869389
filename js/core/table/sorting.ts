import { type Cell, cellNumber } from '../numbers';
import { findColumn, runRows } from '../runs';
import type { Column, RunTable, Sort, ViewState } from '../wire';

/** The orders that hold, the first counting most. Earlier notebooks saved one of them, as `sort`; nobody writes it now. */
export function sortsOf({ sort, sorts }: ViewState): readonly Sort[] {
  return sorts ?? (sort ? [sort] : []);
}

/** The state with these orders in place of those that hold. */
export function withSorts(state: ViewState, sorts: Sort[]): ViewState {
  return { ...state, sort: null, sorts };
}

/** Orders runs by columns; what is missing or NaN comes last either way, and equals keep their order (newest first). */
export function sortRuns(table: RunTable, runs: readonly string[], sorts: readonly Sort[]): string[] {
  const rows = runRows(table);
  return sortBy(table, runs, sorts, (column, run) => column.values[rows.get(run) ?? -1]);
}

/** Orders things by what `read` finds in each of the columns; a column that is gone orders nothing. */
export function sortBy<T>(
  table: RunTable,
  things: readonly T[],
  sorts: readonly Sort[],
  read: (column: Column, thing: T) => Cell | undefined,
): T[] {
  const orders = sorts.flatMap(({ key, descending = false }) => {
    const column = findColumn(table, key);
    return column ? [{ keys: things.map((thing) => sortKey(read(column, thing))), sign: descending ? -1 : 1 }] : [];
  });
  const places = things.map((_, place) => place);
  places.sort((a, b) => {
    for (const { keys, sign } of orders) {
      const difference = compareKeys(keys[a] ?? null, keys[b] ?? null, sign);
      if (difference !== 0) {
        return difference;
      }
    }
    return a - b;
  });
  return places.map((place) => things[place] as T);
}

/**
 * The orders after a click on a column's header: its better end first, then the other, then none. With `adds` the other
 * orders stay, and count before a new one.
 */
export function nextSorts(column: Column, current: readonly Sort[], adds: boolean): Sort[] {
  const own = current.find(({ key }) => key === column.key) ?? null;
  const next = nextSort(column, adds || current.length === 1 ? own : null);
  if (!adds) {
    return next ? [next] : [];
  }
  if (own === null) {
    return next ? [...current, next] : [...current];
  }
  return current.flatMap((sort) => (sort === own ? (next ?? []) : sort));
}

function nextSort(column: Column, current: Sort | null): Sort | null {
  const first = column.goal === 'max' || column.kind === 'time';
  if (current === null) {
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
