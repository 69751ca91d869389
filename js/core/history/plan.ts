import { countRunning } from '../follow-runs';
import { findColumn } from '../runs';
import type { Theme } from '../theme';
import type { Page } from '../view';
import type { Column, RunTable } from '../wire';
import { type AxesKind, axisMetric } from './axes';
import type { Band } from './bands';
import type { Group, Look } from './groups';
import type { LineStyle } from './line-painter';
import { lineStyle } from './styles';

/** How a chart draws: for all charts of a panel alike, but for the goal. */
export interface Plan {
  readonly axes: AxesKind;
  readonly smoothing: number;
  readonly clip: boolean;
  readonly band: Band;
  /** Null draws a line for each run. */
  readonly groups: readonly Group[] | null;
  readonly hidden: ReadonlySet<string>;
  /** Whether lines go on, so that axes had better stand still. */
  readonly steady: boolean;
  readonly theme: Theme;
  readonly goal: Column['goal'];
  /** How many runs of the table have the metric, and of all, those that were not saved too. */
  readonly runs: { readonly here: number; readonly all: number };
  /** How many runs that pass have the metric, but not the metric that is the x axis. */
  readonly withoutX: number;
  passes(run: string): boolean;
  /** Lines of a higher rank lie on top. */
  rank(id: string): number;
  look(id: string): Look;
  style(id: string, count: number): LineStyle;
}

/** The plan for one metric, from what the page's user chose. */
export function planFor(
  metric: string,
  { selection, state, table }: Page,
  { groups, hidden, theme, look }: Pick<Plan, 'groups' | 'hidden' | 'theme' | 'look'>,
): Plan {
  const { x = 'step', log_x: logX = false, log_y: logY = false, smoothing = 0, band = 'std' } = state.value;
  const { pinned, ticked } = selection;
  const column = findColumn(table.value, `metric:${metric}`);
  const here = column?.values.filter((value) => value !== null).length ?? 0;
  return {
    axes: { x, logX, logY },
    smoothing,
    clip: state.value.clip_outliers ?? false,
    band,
    groups,
    hidden,
    steady: countRunning(table.value) > 0,
    theme,
    goal: column?.goal,
    runs: { here, all: table.value.saved_of ?? here },
    withoutX: countWithoutX(column, x, table.value, (run) => selection.passes(run)),
    passes: (run) => selection.passes(run),
    rank: (id) => (id === pinned.value ? 2 : ticked.value.has(id) ? 1 : 0),
    look,
    style: (id, count) =>
      lineStyle(look(id), count, {
        grouped: groups !== null,
        pinned: id === pinned.value,
        ticked: ticked.value.has(id),
        anyTicked: groups === null && ticked.value.size > 0,
      }),
  };
}

/** How many runs have a value of a metric, but none of the one that is the x axis: no line can be drawn of them. */
export function countWithoutX(
  column: Column | undefined,
  x: string,
  table: RunTable,
  passes: (run: string) => boolean,
): number {
  const metric = axisMetric(x);
  if (metric === null) {
    return 0;
  }
  const values = findColumn(table, `metric:${metric}`)?.values;
  const has = (cells: Column['values'] | undefined, row: number): boolean => (cells?.[row] ?? null) !== null;
  return table.run_ids.filter((run, row) => has(column?.values, row) && !has(values, row) && passes(run)).length;
}
