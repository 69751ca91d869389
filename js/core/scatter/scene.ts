import type { AxisScale } from '../axes/axis-scale';
import { makeScale } from '../axes/axis-scale';
import type { ScaledAxis } from '../axes/brushes';
import { isBrushed, passingRows } from '../axes/brushes';
import type { Colouring } from '../axes/colouring';
import { findColumn } from '../runs';
import { MaskedRuns, type Selection } from '../selection';
import type { Theme } from '../theme';
import type { Axis, Column, RunTable } from '../wire';
import { paretoFront } from './front';
import type { Layout } from './places';
import { jittered, placeX, placeY } from './places';

/** Under this name the box filters the page. */
export const FILTER_NAME = 'scatter';

/** All that is drawn. */
export interface Scene {
  readonly table: RunTable;
  readonly x: ScaledAxis;
  readonly y: ScaledAxis;
  readonly size: AxisScale | null;
  readonly layout: Layout;
  /** Where each row's point is; NaN where a value is missing. */
  readonly xs: Float32Array;
  readonly ys: Float32Array;
  readonly radii: Float32Array;
  readonly colouring: Colouring;
  /** The column that gives the colours; null where each run has its own. */
  readonly coloured: Column | null;
  readonly theme: Theme;
}

/** Rows that have a place, by what becomes of them. An array stays the same object while its rows do. */
export interface Sorted {
  /** They pass everything. */
  readonly coloured: Int32Array;
  /** The box or another view leaves them out. */
  readonly grey: Int32Array;
  /** How many would pass, but lack a value. */
  readonly placeless: number;
}

/** An axis with its scale, which is made anew only when its column or its kind changed. */
export function scaleAxis(table: RunTable, axis: Axis, before: ScaledAxis | undefined): ScaledAxis | null {
  const column = findColumn(table, axis.key);
  if (column === undefined) {
    return null;
  }
  const isKept = before?.scale.column === column && before.axis.log === axis.log;
  return { axis, scale: isKept ? before.scale : makeScale(column, axis.log ?? false) };
}

/** The runs that the box lets pass; null while there is none. */
export function passingRuns(table: RunTable, axes: readonly ScaledAxis[]): MaskedRuns | null {
  return isBrushed(axes) ? new MaskedRuns(table, passingRows(axes, table.run_ids.length)) : null;
}

/** Where the points are. */
export function placePoints(table: RunTable, x: AxisScale, y: AxisScale, layout: Layout): [Float32Array, Float32Array] {
  return [
    jittered(x, table, 1).map((place) => placeX(layout, place)),
    jittered(y, table, 2).map((place) => placeY(layout, place)),
  ];
}

/** How large the points are: many are small; a column makes those larger, by area, in which it is high. */
export function pointRadii(rows: number, size: AxisScale | null): Float32Array {
  const base = rows < 80 ? 5 : rows < 500 ? 4 : rows < 3000 ? 3 : 2.2;
  const sized = (place: number): number => base * (0.6 + 1.5 * Math.sqrt(Number.isNaN(place) ? 0 : place));
  return size === null ? new Float32Array(rows).fill(base) : size.places.map(sized);
}

/** Sorts all rows by what becomes of them. */
export function sortRows({ table, x, y, xs, ys }: Scene, selection: Selection, before?: Sorted): Sorted {
  const passing = passingRows([x, y], table.run_ids.length);
  const coloured: number[] = [];
  const grey: number[] = [];
  let placeless = 0;
  const others = selection.passingRows(table, FILTER_NAME);
  for (let row = 0; row < others.length; row++) {
    const passesOthers = others[row] === 1;
    if (Number.isNaN((xs[row] ?? Number.NaN) + (ys[row] ?? Number.NaN))) {
      placeless += Number(passesOthers);
    } else {
      (passesOthers && passing[row] === 1 ? coloured : grey).push(row);
    }
  }
  return { coloured: kept(before?.coloured, coloured), grey: kept(before?.grey, grey), placeless };
}

/** Whether both axes are metrics that are known to be better high or low. */
export function hasFront({ x, y }: Pick<Scene, 'x' | 'y'>): boolean {
  return x.axis.key !== y.axis.key && x.scale.column.goal != null && y.scale.column.goal != null;
}

/** The rows on the Pareto front, in the order of the x axis' goal; none where goals are not known. */
export function frontRows({ x, y }: Scene, rows: Int32Array): number[] {
  const [goalX, goalY] = [x.scale.column.goal, y.scale.column.goal];
  if (!hasFront({ x, y }) || goalX == null || goalY == null) {
    return [];
  }
  return paretoFront(rows, { places: x.scale.places, goal: goalX }, { places: y.scale.places, goal: goalY });
}

/** What the points themselves do not say. */
export function describe({ coloured, grey, placeless }: Sorted, front: number): string {
  const all = coloured.length + grey.length + placeless;
  return [
    ...(grey.length > 0 ? [`${coloured.length} of ${all} runs`] : []),
    ...(placeless > 0 ? [`${placeless} without a value on an axis`] : []),
    ...(front > 0 ? [`${front} on the front`] : []),
  ].join(' · ');
}

function kept(before: Int32Array | undefined, rows: readonly number[]): Int32Array {
  const isSame = before?.length === rows.length && rows.every((row, at) => before[at] === row);
  return isSame && before ? before : Int32Array.from(rows);
}
