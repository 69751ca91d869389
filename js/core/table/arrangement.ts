import type { Column, RunTable, ViewState } from '../wire';
import { type Group, groupCell, groupColumn, groupRuns } from './groups';
import { sortBy, sortRuns, sortsOf } from './sorting';

/** In what order rows stand. */
export interface Arrangement {
  /** The ids of the rows, of groups and runs. */
  readonly ids: readonly string[];
  /** All runs that the rows are made of, in order, be their group open or not. */
  readonly runs: readonly string[];
  /** The groups by id, in order; none where runs are not grouped. */
  readonly groups: ReadonlyMap<string, Group>;
  /** The column they are grouped by. */
  readonly column: Column | null;
}

/** Which of the runs are drawn otherwise than in a row of their own. */
export interface Apart {
  /** Stands above the others, wherever it belongs. */
  readonly pinned: string | null;
  /** Whether a run counts in what is said of its group. */
  readonly counts: (run: string) => boolean;
}

/** Sorts and groups `runs` as the state says; what a group says is what it is sorted by. */
export function arrange(table: RunTable, runs: readonly string[], state: ViewState, apart: Apart): Arrangement {
  const sorts = sortsOf(state);
  const sorted = sortRuns(table, runs, sorts);
  const below = sorted.filter((run) => run !== apart.pinned);
  const column = groupColumn(table, state.group_by);
  if (column === null) {
    return { ids: below, runs: below, groups: new Map(), column };
  }
  const groups = sortBy(table, groupRuns(table, sorted, column, apart.counts), sorts, groupCell);
  const open = new Set(state.open_groups);
  const listed = ({ id, runs: own }: Group): string[] =>
    open.has(id) ? [id, ...own.filter((run) => run !== apart.pinned)] : [id];
  return {
    ids: groups.flatMap(listed),
    runs: groups.flatMap((group) => group.runs).filter((run) => run !== apart.pinned),
    groups: new Map(groups.map((group) => [group.id, group])),
    column,
  };
}
