import { cellNumber } from '../../core/numbers';
import { findColumn, runName, runRows } from '../../core/runs';
import { cellText, cellTitle, valueText } from '../../core/table/cells';
import { type Delta, deltaTo, describeDelta } from '../../core/table/comparison';
import { groupText } from '../../core/table/group-row';
import { type Group, groupColumn, groupRuns } from '../../core/table/groups';
import { sortRuns } from '../../core/table/sorting';
import { spellTag, tagsAt } from '../../core/tags';
import type { Column, RunTable, Sort } from '../../core/wire';
import { formatAge } from './ages';

/** A run as the list shows it. */
export interface RunRow {
  readonly kind: 'run';
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** The value of the first column that is shown, and how it stands to the baseline's; empty and null where there is none. */
  readonly metric: string;
  readonly metricTitle: string;
  readonly delta: Delta | null;
  /** The values of the others that this run has. */
  readonly facts: readonly Shown[];
  readonly age: string;
  readonly began: string;
  readonly duration: string;
  readonly tags: readonly string[];
  readonly note: string;
  readonly isStarred: boolean;
  readonly isBaseline: boolean;
  /** Whether it breaks the policy. */
  readonly isBroken: boolean;
  readonly repeats: number;
  /** Whether tidying usually hides it: archived, in the bin, a repeat. */
  readonly isAway: boolean;
}

/** A value with the name of its column. */
export interface Shown {
  readonly name: string;
  readonly text: string;
  readonly title: string;
}

/** Runs that have one value in the column they are grouped by. */
export interface GroupRow {
  readonly kind: 'group';
  readonly id: string;
  readonly label: string;
  readonly count: number;
  readonly running: number;
  /** What the first column that is shown comes to in them: "0.91 ± 0.02". */
  readonly metric: string;
  readonly isOpen: boolean;
}

export type Row = RunRow | GroupRow;

/** What is asked of the list. */
export interface ListOptions {
  readonly passes: (run: string) => boolean;
  readonly groupBy: string | null;
  readonly folded: readonly string[];
  /** Null: the newest first. */
  readonly sort: Sort | null;
  /** The keys of the columns that rows show; null: the main metric. */
  readonly shown: readonly string[] | null;
  /** The value whose group goes before the others. */
  readonly firstGroup: string | null;
  /** So many runs are drawn at most. */
  readonly limit: number;
  /** In seconds since 1970. */
  readonly now: number;
}

/** The rows to draw, in order, and how many runs that pass are left out for there being too many. */
export function listRows(table: RunTable, options: ListOptions): { rows: readonly Row[]; more: number } {
  const found = table.run_ids.filter(options.passes);
  const passing = options.sort === null ? found : sortRuns(table, found, [options.sort]);
  const shown = passing.slice(0, options.limit);
  const column = groupColumn(table, options.groupBy);
  const columns = shownColumns(table, options.shown);
  const toRow = rowsOf(table, columns, options.now);
  if (column === null) {
    return { rows: shown.map(toRow), more: passing.length - shown.length };
  }
  const isFirst = ({ value }: Group): number => Number(value === options.firstGroup);
  const groups = groupRuns(table, shown, column, () => true).sort((a, b) => isFirst(b) - isFirst(a));
  const rows = groups.flatMap((group): Row[] => {
    const heading = groupRow(table, column, columns[0], group, !options.folded.includes(group.id));
    return heading.isOpen ? [heading, ...group.runs.map(toRow)] : [heading];
  });
  return { rows, more: passing.length - shown.length };
}

function groupRow(table: RunTable, column: Column, first: Column | undefined, group: Group, isOpen: boolean): GroupRow {
  const statuses = findColumn(table, 'run:status')?.values ?? [];
  return {
    kind: 'group',
    id: group.id,
    label:
      column.group === 'param' ? `${column.name} ${valueText(column, group.value)}` : valueText(column, group.value),
    count: group.runs.length,
    running: group.rows.filter((row) => statuses[row] === 'running').length,
    metric: first?.kind === 'number' ? groupText(first, group) : '',
    isOpen,
  };
}

/** The columns that rows show, the one of the metric that says which run is best where none was chosen. */
export function shownColumns(table: RunTable, shown: readonly string[] | null): Column[] {
  const keys = shown ?? (table.main == null ? [] : [table.main]);
  return keys.flatMap((key) => findColumn(table, key) ?? []);
}

function rowsOf(table: RunTable, [first, ...others]: readonly Column[], now: number): (run: string) => RunRow {
  const at = runRows(table);
  const column = (key: string): Column | undefined => findColumn(table, key);
  const [status, began, duration, note] = ['run:status', 'run:started_at', 'run:duration', 'run:note'].map(column);
  const [starred, away, broken] = [new Set(table.starred), new Set(table.shown_anyway), new Set(table.broken)];
  const baseline = table.baseline == null ? undefined : at.get(table.baseline);
  return (run) => {
    const row = at.get(run) ?? -1;
    const value = first?.values[row] ?? null;
    const moment = cellNumber(began?.values[row]);
    const isCompared = first?.group === 'metric' && baseline !== undefined && row !== baseline;
    const compared = isCompared ? describeDelta(first, value, baseline) : null;
    return {
      kind: 'run',
      id: run,
      name: runName(run, table),
      status: String(status?.values[row] ?? ''),
      metric: first !== undefined && value !== null ? cellText(first, row) : '',
      metricTitle:
        first === undefined ? '' : [cellTitle(first, row), compared].filter(Boolean).join(', against the baseline '),
      delta: isCompared ? deltaTo(first, value, baseline, false) : null,
      facts: others
        .filter(({ values }) => values[row] != null)
        .map((other) => ({ name: other.name, text: cellText(other, row), title: cellTitle(other, row) })),
      age: moment === null ? '' : formatAge(moment, now),
      began: began === undefined || moment === null ? '' : cellTitle(began, row),
      duration: duration?.values[row] == null ? '' : cellText(duration, row),
      tags: tagsAt(table, row).map(spellTag),
      note: String(note?.values[row] ?? ''),
      isStarred: starred.has(run),
      isBaseline: run === table.baseline,
      isBroken: broken.has(run),
      repeats: table.repeats?.[row] ?? 1,
      isAway: away.has(run),
    };
  };
}
