import { cellNumber } from '../numbers';
import { findColumn } from '../runs';
import { resultMetrics } from '../system-metrics';
import { sparseColumns } from '../table/columns';
import type { Axis, Column, RunTable } from '../wire';

/** A column of texts with more values than this says which run it is, not what was tried. */
const MOST_CATEGORIES = 40;
/** Values that span this factor and more are read on a logarithmic axis… */
const LOG_FACTOR = 100;
/** …if more than this part of them would share the lowest tenth of a linear one. */
const CROWD = 1 / 3;

/** The columns that can be axes: params and metrics. */
export function axisColumns(table: RunTable): Column[] {
  return table.columns.filter((column) => column.group !== 'run');
}

/** Which run it is and what was noted of it tells nothing as a place. */
const NOT_DRAWN: ReadonlySet<string> = new Set(['run:name', 'run:note']);

/** The columns whose values can be drawn as places, colours or sizes: metrics and params first, then what is known of a run. */
export function drawableColumns(table: RunTable): Column[] {
  const of = (group: Column['group']): Column[] => table.columns.filter((column) => column.group === group);
  return [...of('metric'), ...of('param'), ...of('run').filter(({ key }) => !NOT_DRAWN.has(key))];
}

/** The column of the metric that says which run is best: the table's own choice, else the first metric. */
export function mainColumn(table: RunTable): Column | undefined {
  const metrics = resultMetrics(table.columns);
  const first = metrics.find((column) => column.key === `metric:${table.metrics[0] ?? ''}`);
  return findColumn(table, table.main ?? '') ?? first ?? metrics[0];
}

/** A column as an axis, logarithmic where its values call for it. */
export function newAxis(column: Column): Axis {
  return { key: column.key, log: crowdsLow(column), flipped: false, brushes: [] };
}

/** Those of the columns that many runs have; where there is none, all: a line through missing values tells nothing. */
export function mostHave(table: RunTable, columns: readonly Column[]): readonly Column[] {
  const sparse = sparseColumns(table);
  const common = columns.filter((column) => !sparse.has(column.key));
  return common.length > 0 ? common : columns;
}

/** Whether a column tells runs apart by what was tried or came out, not by which run it is. */
export function tellsRunsApart(column: Column): boolean {
  const distinct = new Set(column.values.filter((value) => value !== null));
  const few = column.kind !== 'text' || distinct.size <= MOST_CATEGORIES;
  return distinct.size > 1 && few;
}

/**
 * Whether the values crowd at the low end of a wide range, as learning rates do and a count up to 1000 does not. A value
 * counts once, however many runs have it, and zero, which has a place on every axis, not at all. Two say nothing.
 */
function crowdsLow(column: Column): boolean {
  const numbers = column.kind === 'number' ? column.values.map((cell) => cellNumber(cell) ?? Number.NaN) : [];
  const values = [...new Set(numbers.filter((value) => value !== 0 && Number.isFinite(value)))].sort((a, b) => a - b);
  const [low = 0, high = 0] = [values[0], values.at(-1)];
  const crowd = values.filter((value) => value <= high / 10).length;
  return values.length > 2 && low > 0 && high / low >= LOG_FACTOR && crowd > CROWD * values.length;
}
