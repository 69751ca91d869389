import { RUN_COLOURS, RUN_DASHES, runColour, runDash } from '../colours';
import { findColumn, runName, runRows } from '../runs';
import { cellText, MISSING } from '../table/cells';
import type { RunTable } from '../wire';

/** How a line is called and drawn. */
export interface Look {
  readonly name: string;
  readonly colour: string;
  readonly dash: readonly number[];
}

/** Runs with one value of the column that people group by. */
export interface Group extends Look {
  readonly id: string;
  readonly runs: ReadonlySet<string>;
}

/** The look of each run. */
export function runLook(table: RunTable): (run: string) => Look {
  return (run) => ({ name: runName(run, table), colour: runColour(run, table), dash: runDash(run, table) });
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
  return ids.map((id, at) => {
    const text = cellText(column, sample.get(id) ?? -1);
    return {
      id,
      name: `${column.name} ${text === MISSING ? 'missing' : text}`,
      colour: RUN_COLOURS[at % RUN_COLOURS.length] ?? RUN_COLOURS[0],
      dash: RUN_DASHES[Math.floor(at / RUN_COLOURS.length) % RUN_DASHES.length] ?? [],
      runs: members.get(id) ?? new Set(),
    };
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
