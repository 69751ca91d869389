import { type Cell, cellNumber } from '../numbers';
import { findColumn, runRows } from '../runs';
import { tagOf } from '../tags';
import type { Column, RunTable } from '../wire';

/** Runs that have one value in the column they are grouped by. */
export interface Group {
  /** What tells it from the other groups and from runs, whatever order they stand in. */
  readonly id: string;
  readonly value: Cell;
  readonly runs: readonly string[];
  /** Where the runs that count stand in the table: those that are in sight, all where none is. */
  readonly rows: readonly number[];
}

/** What the numbers of a group have in common; NaN and infinities are counted apart. */
export interface Summary {
  readonly n: number;
  readonly mean: number;
  /** Of the sample, with n − 1; null of a single number. */
  readonly std: number | null;
  readonly min: number;
  readonly max: number;
  readonly nonFinite: number;
}

/** The columns that runs may be grouped by: params, tags and the run's own words, where they make fewer groups than runs. */
export function groupableColumns(table: RunTable): Column[] {
  return table.columns.filter((column) => {
    const isOwn = column.group === 'run' && (GROUPED_WORDS.has(column.key) || tagOf(column) !== null);
    return (isOwn || column.group === 'param') && hasRepeats(column);
  });
}

const GROUPED_WORDS: ReadonlySet<string> = new Set(['run:group', 'run:status', 'run:experiment', 'run:user']);
const repeating = new WeakMap<Column, boolean>();

function hasRepeats(column: Column): boolean {
  let known = repeating.get(column);
  if (known === undefined) {
    const distinct = new Set(column.values);
    known = distinct.size > 1 && distinct.size < column.values.length;
    repeating.set(column, known);
  }
  return known;
}

/** Groups runs by a column, in the order in which the groups first occur. `counts` says which runs count in a summary. */
export function groupRuns(
  table: RunTable,
  runs: readonly string[],
  column: Column,
  counts: (run: string) => boolean,
): Group[] {
  const rows = runRows(table);
  const groups = new Map<Cell, { runs: string[]; rows: number[]; all: number[] }>();
  for (const run of runs) {
    const row = rows.get(run) ?? -1;
    const value = column.values[row] ?? null;
    const group = groups.get(value) ?? { runs: [], rows: [], all: [] };
    groups.set(value, group);
    group.runs.push(run);
    group.all.push(row);
    if (counts(run)) {
      group.rows.push(row);
    }
  }
  // A group that is put out of sight keeps what it says, and so its place.
  return [...groups].map(([value, { runs: own, rows: counting, all }]) => ({
    id: `group:${JSON.stringify(value)}`,
    value,
    runs: own,
    rows: counting.length > 0 ? counting : all,
  }));
}

const summaries = new WeakMap<Group, Map<Column, Summary | null>>();

/** What the group's numbers in a column have in common; null where it has no finite one. */
export function summarise(column: Column, group: Group): Summary | null {
  const known = summaries.get(group) ?? new Map<Column, Summary | null>();
  summaries.set(group, known);
  let summary = known.get(column);
  if (summary === undefined) {
    summary = summaryOf(group.rows.map((row) => cellNumber(column.values[row])).filter((value) => value !== null));
    known.set(column, summary);
  }
  return summary;
}

function summaryOf(values: readonly number[]): Summary | null {
  const finite = values.filter(Number.isFinite);
  const n = finite.length;
  if (n === 0) {
    return null;
  }
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of finite) {
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  // Equal numbers have their own mean, without what rounding leaves.
  const mean = min === max ? min : sum / n;
  const squares = finite.reduce((so, value) => so + (value - mean) ** 2, 0);
  return { n, mean, std: n > 1 ? Math.sqrt(squares / (n - 1)) : null, min, max, nonFinite: values.length - n };
}

/** The value that all the group's runs have in a column, or how many different ones there are. */
export function commonValue(column: Column, group: Group): { value: Cell } | { distinct: number } {
  const distinct = new Set(group.rows.map((row) => column.values[row] ?? null));
  const [value = null] = distinct;
  return distinct.size <= 1 ? { value } : { distinct: distinct.size };
}

/** What a group is sorted by: its mean in a column of numbers, else the value that its runs have in common. */
export function groupCell(column: Column, group: Group): Cell {
  const summary = column.kind === 'number' ? summarise(column, group) : null;
  if (summary !== null) {
    return summary.mean;
  }
  const common = commonValue(column, group);
  return 'value' in common ? common.value : null;
}

/** The column that the state groups by, if the table has it. */
export function groupColumn(table: RunTable, key: string | null | undefined): Column | null {
  return (key ? findColumn(table, key) : undefined) ?? null;
}
