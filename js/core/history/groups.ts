import { runPlace, type Stroke, strokes } from '../colours';
import type { Cell } from '../numbers';
import { findColumn, runName, runRows } from '../runs';
import { valueText } from '../table/cells';
import type { Column, RunTable } from '../wire';

/** How a line is called and drawn. */
export interface Look extends Stroke {
  readonly name: string;
}

/** Runs with one value of the column that people group by. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly runs: ReadonlySet<string>;
}

/** The looks of the lines that are drawn, of runs or of groups, by their ids. */
export function lineLooks(
  drawn: ReadonlySet<string>,
  table: RunTable,
  groups: readonly Group[] | null,
): ReadonlyMap<string, Look> {
  const lines =
    groups?.map(({ id, name }, place) => ({ id, name, place })) ??
    table.run_ids.map((id) => ({ id, name: runName(id, table), place: runPlace(id, table) }));
  const shown = lines.filter(({ id }) => drawn.has(id)).sort((a, b) => a.place - b.place);
  const stroke = strokes();
  return new Map(shown.map(({ id, name, place }) => [id, { name, ...stroke(place) }]));
}

/** The groups that a column makes of all runs, in the order of its values, what is missing last; null without such a column. */
export function groupRuns(table: RunTable, key: string | null | undefined): Group[] | null {
  const column = findColumn(table, key ?? '');
  if (column === undefined) {
    return null;
  }
  const members = new Map<string, Set<string>>();
  const sample = new Map<string, number>();
  for (const [run, row] of runRows(table)) {
    const id = `${column.key} ${JSON.stringify(column.values[row] ?? null)}`;
    members.set(id, (members.get(id) ?? new Set()).add(run));
    sample.set(id, row);
  }
  const value = (id: string) => column.values[sample.get(id) ?? -1] ?? null;
  const ids = [...members.keys()].sort((a, b) => compareCells(value(a), value(b)));
  const names = groupNames(column, ids.map(value));
  return ids.map((id, at) => ({
    id,
    name: `${column.name} ${names[at]}`,
    runs: members.get(id) ?? new Set(),
  }));
}

/** Values that read alike are spelt in full, and so is a text `missing` beside runs without a value. */
function groupNames(column: Column, values: readonly Cell[]): string[] {
  const texts = values.map((value) => (value === null ? 'missing' : valueText(column, value)));
  return values.map((value, at) => {
    const [text = ''] = texts.slice(at);
    const isAlone = texts.filter((other) => other === text).length === 1;
    return value === null || isAlone ? text : typeof value === 'string' ? `'${value}'` : String(value);
  });
}

function compareCells(one: unknown, other: unknown): number {
  if (one === null || other === null) {
    return one === other ? 0 : one === null ? 1 : -1;
  }
  return typeof one === 'number' && typeof other === 'number'
    ? one - other
    : String(one).localeCompare(String(other), 'en', { numeric: true });
}
