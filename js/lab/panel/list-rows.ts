import { cellNumber } from '../../core/numbers';
import { findColumn, runName, runRows } from '../../core/runs';
import { cellText, cellTitle, valueText } from '../../core/table/cells';
import { type Delta, deltaTo, describeDelta } from '../../core/table/comparison';
import { groupText } from '../../core/table/group-row';
import { type Group, groupColumn, groupRuns } from '../../core/table/groups';
import { spellTag, tagsAt } from '../../core/tags';
import type { Column, RunTable } from '../../core/wire';
import { formatAge } from './ages';

/** A run as the list shows it. */
export interface RunRow {
  readonly kind: 'run';
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** The main metric's value, and how it stands to the baseline's; empty and null where there is none. */
  readonly metric: string;
  readonly metricTitle: string;
  readonly delta: Delta | null;
  readonly age: string;
  readonly began: string;
  readonly duration: string;
  readonly tags: readonly string[];
  readonly note: string;
  readonly isStarred: boolean;
  readonly isBaseline: boolean;
  readonly repeats: number;
  /** Whether tidying usually hides it: archived, in the bin, a repeat. */
  readonly isAway: boolean;
}

/** Runs that have one value in the column they are grouped by. */
export interface GroupRow {
  readonly kind: 'group';
  readonly id: string;
  readonly label: string;
  readonly count: number;
  readonly running: number;
  /** What the main metric comes to in them: "0.91 ± 0.02". */
  readonly metric: string;
  readonly isOpen: boolean;
}

export type Row = RunRow | GroupRow;

/** What is asked of the list. */
export interface ListOptions {
  readonly passes: (run: string) => boolean;
  readonly groupBy: string | null;
  readonly folded: readonly string[];
  /** The value whose group goes before the others. */
  readonly firstGroup: string | null;
  /** So many runs are drawn at most. */
  readonly limit: number;
  /** In seconds since 1970. */
  readonly now: number;
}

/** The rows to draw, in order, and how many runs that pass are left out for there being too many. */
export function listRows(table: RunTable, options: ListOptions): { rows: readonly Row[]; more: number } {
  const passing = table.run_ids.filter(options.passes);
  const shown = passing.slice(0, options.limit);
  const column = groupColumn(table, options.groupBy);
  const toRow = rowsOf(table, options.now);
  if (column === null) {
    return { rows: shown.map(toRow), more: passing.length - shown.length };
  }
  const isFirst = ({ value }: Group): number => Number(value === options.firstGroup);
  const groups = groupRuns(table, shown, column, () => true).sort((a, b) => isFirst(b) - isFirst(a));
  const rows = groups.flatMap((group): Row[] => {
    const heading = groupRow(table, column, group, !options.folded.includes(group.id));
    return heading.isOpen ? [heading, ...group.runs.map(toRow)] : [heading];
  });
  return { rows, more: passing.length - shown.length };
}

function groupRow(table: RunTable, column: Column, group: Group, isOpen: boolean): GroupRow {
  const main = mainColumn(table);
  const statuses = findColumn(table, 'run:status')?.values ?? [];
  return {
    kind: 'group',
    id: group.id,
    label:
      column.group === 'param' ? `${column.name} ${valueText(column, group.value)}` : valueText(column, group.value),
    count: group.runs.length,
    running: group.rows.filter((row) => statuses[row] === 'running').length,
    metric: main?.kind === 'number' ? groupText(main, group) : '',
    isOpen,
  };
}

/** The column of the metric that says which run is best. */
export function mainColumn(table: RunTable): Column | null {
  return (table.main && findColumn(table, table.main)) || null;
}

function rowsOf(table: RunTable, now: number): (run: string) => RunRow {
  const at = runRows(table);
  const main = mainColumn(table);
  const column = (key: string): Column | undefined => findColumn(table, key);
  const [status, began, duration, note] = ['run:status', 'run:started_at', 'run:duration', 'run:note'].map(column);
  const [starred, away] = [new Set(table.starred), new Set(table.shown_anyway)];
  const baseline = table.baseline == null ? undefined : at.get(table.baseline);
  return (run) => {
    const row = at.get(run) ?? -1;
    const value = main?.values[row] ?? null;
    const moment = cellNumber(began?.values[row]);
    const isCompared = main !== null && baseline !== undefined && row !== baseline;
    const compared = isCompared ? describeDelta(main, value, baseline) : null;
    return {
      kind: 'run',
      id: run,
      name: runName(run, table),
      status: String(status?.values[row] ?? ''),
      metric: main !== null && value !== null ? cellText(main, row) : '',
      metricTitle:
        main === null ? '' : [cellTitle(main, row), compared].filter(Boolean).join(', against the baseline '),
      delta: isCompared ? deltaTo(main, value, baseline, false) : null,
      age: moment === null ? '' : formatAge(moment, now),
      began: began === undefined || moment === null ? '' : cellTitle(began, row),
      duration: duration?.values[row] == null ? '' : cellText(duration, row),
      tags: tagsAt(table, row).map(spellTag),
      note: String(note?.values[row] ?? ''),
      isStarred: starred.has(run),
      isBaseline: run === table.baseline,
      repeats: table.repeats?.[row] ?? 1,
      isAway: away.has(run),
    };
  };
}
