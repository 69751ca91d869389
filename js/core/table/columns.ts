import { isSystemMetric, resultMetrics } from '../system-metrics';
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

/** The columns shown until the user chooses, by key: status, metrics, params, then of the rest what tells runs apart; the machine's metrics last. */
export function defaultColumns(table: RunTable): string[] {
  const of = (group: Column['group']): Column[] => table.columns.filter((column) => column.group === group);
  const mainFirst = resultMetrics(table.columns).sort(
    (a, b) => Number(b.key === table.main) - Number(a.key === table.main),
  );
  const differingFirst = of('param').sort((a, b) => Number(differs(b)) - Number(differs(a)));
  const attributes = of('run').filter((column) => column.key !== NAME_KEY && column.key !== 'run:status');
  return [
    ...of('run').filter((column) => column.key === 'run:status'),
    ...mainFirst,
    ...differingFirst,
    ...attributes.filter((column) => differs(column) || ALWAYS.has(column.key)),
    ...table.columns.filter((column) => isSystemMetric(column)),
  ].map((column) => column.key);
}

const ALWAYS: ReadonlySet<string> = new Set(['run:started_at', 'run:duration']);

/** The columns to draw, in order; the name is not among them. */
export function visibleColumns(table: RunTable, state: ViewState): Column[] {
  const byKey = new Map(table.columns.map((column) => [column.key, column]));
  const chosen = (state.columns ?? defaultColumns(table)).flatMap((key) => byKey.get(key) ?? []);
  const named = chosen.filter((column) => column.key !== NAME_KEY);
  // With one run nothing differs: folding would leave nothing.
  const folds = state.only_differing && table.run_ids.length > 1;
  return folds ? named.filter((column) => differs(column) || column.key === 'run:status') : named;
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
