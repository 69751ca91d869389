import { axisColumns, mainColumn, mostHave, newAxis, tellsRunsApart } from '../axes/columns';
import { resultMetrics } from '../system-metrics';
import type { Axis, RunTable } from '../wire';

const MOST_PARAMS = 9;
const MOST_METRICS = 3;

const defaults = new WeakMap<RunTable, Axis[]>();

/** The axes shown until people choose: params that differ between runs, a few metrics, and the main metric last. */
export function defaultAxes(table: RunTable): Axis[] {
  const known = defaults.get(table) ?? chooseAxes(table);
  defaults.set(table, known);
  return known;
}

function chooseAxes(table: RunTable): Axis[] {
  const main = mainColumn(table);
  const params = axisColumns(table).filter((column) => column.group === 'param');
  const differing = mostHave(table, params.filter(tellsRunsApart)).slice(0, MOST_PARAMS);
  const others = resultMetrics(table.columns).filter((column) => column !== main);
  const metrics = mostHave(table, others.filter(tellsRunsApart)).slice(0, MOST_METRICS - 1);
  const chosen = [...(differing.length > 0 ? differing : params.slice(0, MOST_PARAMS)), ...metrics];
  return [...chosen, ...(main ? [main] : [])].map((column) => newAxis(column));
}

/** The axes with one moved to another place. */
export function movedAxis(axes: readonly Axis[], from: number, to: number): Axis[] {
  const moved = [...axes];
  moved.splice(to, 0, ...moved.splice(from, 1));
  return moved;
}
