import { isSystemMetric, resultMetrics } from '../system-metrics';
import { hasTagsColumn, TAGS_KEY, tagOf } from '../tags';
import type { Column, RunTable, ViewState } from '../wire';

/** Stands at the left edge of every row, whatever columns are chosen. */
export const NAME_KEY = 'run:name';

const differing = new WeakMap<Column, boolean>();

/** Whether a column tells runs apart; missing is a value like another. */
export function differs(column: Column): boolean {
  let known = differing.get(column);
  if (known === undefined) {
    known = column.values.some((value) => value !== column.values[0]);
    differing.set(column, known);
  }
  return known;
}

/** Runs that decide which columns are worth their room; undefined is all of the table. */
export type Passing = Pick<ReadonlySet<string>, 'has'> | undefined;

/** A column that a smaller part of the runs has is folded away… */
const FEW = 1 / 3;
/** …unless the table would be left with fewer columns than this. */
const FEWEST_COLUMNS = 6;

const covering = new WeakMap<Column, { table: RunTable; passing: Passing; share: number }>();

/** The part of the runs, 0 to 1, that have a value in a column. */
export function coverage(column: Column, table: RunTable, passing?: Passing): number {
  const known = covering.get(column);
  if (known?.table === table && known.passing === passing) {
    return known.share;
  }
  let [runs, having] = [0, 0];
  for (const [row, run] of table.run_ids.entries()) {
    if (passing === undefined || passing.has(run)) {
      runs++;
      having += Number(column.values[row] != null);
    }
  }
  const share = runs === 0 ? 1 : having / runs;
  covering.set(column, { table, passing, share });
  return share;
}

/**
 * All columns but the name, by key, in the order shown until the user chooses: status, metrics, params, the tags in one,
 * then of the rest what tells runs apart. The main metric is the first of its kind, else what most runs have; the machine's metrics stand last.
 */
export function orderedColumns(table: RunTable, passing?: Passing): string[] {
  const of = (group: Column['group']): Column[] => table.columns.filter((column) => column.group === group);
  const byCoverage = (a: Column, b: Column): number => coverage(b, table, passing) - coverage(a, table, passing);
  const isMain = (column: Column): number => Number(column.key === table.main);
  const metrics = resultMetrics(table.columns).sort((a, b) => isMain(b) - isMain(a) || byCoverage(a, b));
  const params = of('param').sort((a, b) => Number(differs(b)) - Number(differs(a)) || byCoverage(a, b));
  const isTold = (column: Column): boolean => tagOf(column) !== null && hasTagsColumn(table);
  const attributes = of('run').filter((column) => !PLACED.has(column.key) && !isTold(column));
  return [
    ...of('run').filter((column) => column.key === 'run:status'),
    ...metrics,
    ...params,
    ...of('run').filter((column) => column.key === TAGS_KEY),
    ...attributes.filter((column) => differs(column) || ALWAYS.has(column.key)),
    ...table.columns.filter((column) => isSystemMetric(column)),
  ].map((column) => column.key);
}

const PLACED: ReadonlySet<string> = new Set([NAME_KEY, 'run:status', TAGS_KEY]);
const ALWAYS: ReadonlySet<string> = new Set(['run:started_at', 'run:duration']);

/** Those of the ordered columns that few runs have. What is known of a run itself and the main metric are never. */
export function sparseColumns(table: RunTable, passing?: Passing): ReadonlySet<string> {
  const ordered = new Set(orderedColumns(table, passing));
  const ranked = table.columns
    .filter((column) => ordered.has(column.key) && column.key !== table.main)
    .filter((column) => column.group !== 'run' || tagOf(column) !== null)
    .sort((a, b) => coverage(b, table, passing) - coverage(a, table, passing));
  const beyond = ranked.slice(FEWEST_COLUMNS - Number(table.main != null));
  return new Set(beyond.filter((column) => coverage(column, table, passing) < FEW).map(({ key }) => key));
}

/** The columns shown until the user chooses, by key: without those that few runs have. */
export function defaultColumns(table: RunTable, passing?: Passing): string[] {
  const sparse = sparseColumns(table, passing);
  return orderedColumns(table, passing).filter((key) => !sparse.has(key));
}

/** The columns that are drawn, the machine's metrics only where the user chose them, in order and by key, before those are folded in which all runs are equal. */
export function chosenColumns(table: RunTable, state: ViewState, passing?: Passing): string[] {
  if (state.columns != null) {
    return state.columns;
  }
  const keys = (state.show_sparse ? orderedColumns : defaultColumns)(table, passing);
  const system = new Set(table.columns.filter(isSystemMetric).map(({ key }) => key));
  return keys.filter((key) => !system.has(key));
}

/** The columns to draw, in order; the name is not among them. */
export function visibleColumns(table: RunTable, state: ViewState, passing?: Passing): Column[] {
  const byKey = new Map(table.columns.map((column) => [column.key, column]));
  const chosen = chosenColumns(table, state, passing).flatMap((key) => byKey.get(key) ?? []);
  const named = chosen.filter((column) => column.key !== NAME_KEY);
  // With one run nothing differs: folding would leave nothing.
  const folds = state.only_differing && table.run_ids.length > 1;
  return folds ? named.filter((column) => differs(column) || column.key === 'run:status') : named;
}

/** How many columns are folded away, or would be again, because few runs have them; none where the user chose. */
export function countSparse(table: RunTable, state: ViewState, passing?: Passing): number {
  if (state.columns != null) {
    return 0;
  }
  const all = visibleColumns(table, { ...state, show_sparse: true }, passing).length;
  return all - visibleColumns(table, { ...state, show_sparse: false }, passing).length;
}

/** `keys` with `key` moved to stand before `before`, or last if that is null. */
export function moveColumn(keys: readonly string[], key: string, before: string | null): string[] {
  if (key === before) {
    return [...keys];
  }
  const others = keys.filter((other) => other !== key);
  const at = before === null ? -1 : others.indexOf(before);
  return at < 0 ? [...others, key] : [...others.slice(0, at), key, ...others.slice(at)];
}

/** `keys` with `key` one place further up (-1) or down (1). */
export function shiftColumn(keys: readonly string[], key: string, by: -1 | 1): string[] {
  const at = keys.indexOf(key);
  const to = Math.min(keys.length - 1, Math.max(0, at + by));
  const others = keys.filter((other) => other !== key);
  return at < 0 ? [...keys] : [...others.slice(0, to), key, ...others.slice(to)];
}
