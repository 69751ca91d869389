import { axisColumns, drawableColumns, mainColumn, mostHave, newAxis, tellsRunsApart } from '../axes/columns';
import { findColumn } from '../runs';
import type { Axis, Column, RunTable, Scatter } from '../wire';

/** The two axes: those chosen, else the param that differs most against the main metric. Null where nothing can be drawn. */
export function chosenAxes(table: RunTable, chosen: Scatter | null | undefined): { x: Axis; y: Axis } | null {
  const known = (axis: Axis | null | undefined): Axis | null => (axis && findColumn(table, axis.key) ? axis : null);
  const y = known(chosen?.y) ?? axisOf(mainColumn(table) ?? widest(table, known(chosen?.x)?.key));
  const x = known(chosen?.x) ?? axisOf(widest(table, y?.key));
  return x && y ? { x, y } : null;
}

/** The column that tells most runs apart: a param if any does, else a metric, else when they started. */
function widest(table: RunTable, except: string | undefined): Column | undefined {
  const others = axisColumns(table).filter((column) => column.key !== except && tellsRunsApart(column));
  const params = others.filter((column) => column.group === 'param');
  const [first] = mostHave(table, params.length > 0 ? params : others)
    .map((column) => ({ column, count: new Set(column.values).size }))
    .sort((a, b) => b.count - a.count);
  const started = table.columns.find((column) => column.kind === 'time' && column.key !== except);
  return first?.column ?? started ?? drawableColumns(table).find((column) => column.key !== except);
}

const axes = new WeakMap<Column, Axis>();

/** The same object for the same column, so that what is made of it need not be made again. */
function axisOf(column: Column | undefined): Axis | null {
  if (column === undefined) {
    return null;
  }
  const axis = axes.get(column) ?? newAxis(column);
  axes.set(column, axis);
  return axis;
}
