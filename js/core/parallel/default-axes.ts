import { cellNumber } from '../numbers';
import { findColumn } from '../runs';
import { resultMetrics } from '../system-metrics';
import { sparseColumns } from '../table/columns';
import type { Axis, Column, RunTable } from '../wire';

const MOST_PARAMS = 9;
const MOST_METRICS = 3;
/** A column of texts with more values than this says which run it is, not what was tried. */
const MOST_CATEGORIES = 40;
/** Values that span this factor and more are read on a logarithmic axis. */
const LOG_FACTOR = 100;

/** The columns that can be axes: params and metrics. */
export function axisColumns(table: RunTable): Column[] {
  return table.columns.filter((column) => column.group !== 'run');
}

/** The column of the metric that says which run is best: the table's own choice, else the first metric. */
export function mainColumn(table: RunTable): Column | undefined {
  const metrics = resultMetrics(table.columns);
  const first = metrics.find((column) => column.key === `metric:${table.metrics[0] ?? ''}`);
  return findColumn(table, table.main ?? '') ?? first ?? metrics[0];
}

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

/** A column as an axis, logarithmic where its values call for it. */
export function newAxis(column: Column): Axis {
  return { key: column.key, log: crowdsLow(column), flipped: false, brush: null };
}

/** The axes with one moved to another place. */
export function movedAxis(axes: readonly Axis[], from: number, to: number): Axis[] {
  const moved = [...axes];
  moved.splice(to, 0, ...moved.splice(from, 1));
  return moved;
}

/** Those of the columns that many runs have; where there is none, all: a line through missing values tells nothing. */
function mostHave(table: RunTable, columns: readonly Column[]): readonly Column[] {
  const sparse = sparseColumns(table);
  const common = columns.filter((column) => !sparse.has(column.key));
  return common.length > 0 ? common : columns;
}

function tellsRunsApart(column: Column): boolean {
  const distinct = new Set(column.values.filter((value) => value !== null));
  const few = column.kind !== 'text' || distinct.size <= MOST_CATEGORIES;
  return distinct.size > 1 && few;
}

/** Whether the values crowd at the low end of a wide range, as learning rates do and a count up to 1000 does not. */
function crowdsLow(column: Column): boolean {
  if (column.kind !== 'number') {
    return false;
  }
  const values = column.values
    .map(cellNumber)
    .filter((value): value is number => value !== null && Number.isFinite(value))
    .sort((a, b) => a - b);
  const [low = 0, middle = 0, high = 0] = [values[0], values[values.length >> 1], values.at(-1)];
  return low > 0 && high / low >= LOG_FACTOR && middle <= high / 10;
}
