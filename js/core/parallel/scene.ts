import { makeScale } from '../axes/axis-scale';
import type { ScaledAxis } from '../axes/brushes';
import { isBrushed, passingRows } from '../axes/brushes';
import type { Colouring } from '../axes/colouring';
import { bucketRows } from '../axes/colouring';
import { findColumn } from '../runs';
import type { Selection } from '../selection';
import type { Theme } from '../theme';
import { ink } from '../theme';
import type { Axis, RunTable } from '../wire';
import type { Layout } from './layout';
import type { Polylines } from './polylines';
import { lineStrength } from './polylines';

/** All that is drawn. */
export interface Scene {
  readonly table: RunTable;
  readonly axes: readonly ScaledAxis[];
  readonly layout: Layout;
  readonly ys: readonly Float32Array[];
  readonly colouring: Colouring;
  readonly theme: Theme;
}

/** Rows by what becomes of them. An array stays the same object while its rows do. */
export interface Sorted {
  /** They pass everything. */
  readonly coloured: Int32Array;
  /** The other views let them pass; where a brush here does not, only their shadow is seen. */
  readonly visible: Int32Array;
  /** Another view leaves them out. */
  readonly grey: Int32Array;
}

/** The axes whose columns the table has, with their scales; a scale is made anew only when its column or its kind changed. */
export function scaleAxes(table: RunTable, axes: readonly Axis[], before: readonly ScaledAxis[]): ScaledAxis[] {
  const scaled: ScaledAxis[] = [];
  for (const axis of axes) {
    const column = findColumn(table, axis.key);
    if (column !== undefined) {
      const kept = before.find(({ scale, axis: old }) => scale.column === column && old.log === axis.log);
      scaled.push({ axis, scale: kept?.scale ?? makeScale(column, axis.log ?? false) });
    }
  }
  return scaled;
}

/** The runs that all brushes let pass; null while nothing is brushed. */
export function passingRuns(table: RunTable, axes: readonly ScaledAxis[]): Set<string> | null {
  if (!isBrushed(axes)) {
    return null;
  }
  const passing = passingRows(axes, table.run_ids.length);
  return new Set(table.run_ids.filter((_run, row) => passing[row] === 1));
}

/** Sorts all rows by what becomes of them. */
export function sortRows({ table, axes }: Scene, selection: Selection, before: Sorted | null = null): Sorted {
  const passing = passingRows(axes, table.run_ids.length);
  const coloured: number[] = [];
  const visible: number[] = [];
  const grey: number[] = [];
  for (const [row, run] of table.run_ids.entries()) {
    if (!selection.passes(run, FILTER_NAME)) {
      grey.push(row);
      continue;
    }
    visible.push(row);
    if (passing[row] === 1) {
      coloured.push(row);
    }
  }
  return {
    coloured: keep(before?.coloured, coloured),
    visible: keep(before?.visible, visible),
    grey: keep(before?.grey, grey),
  };
}

/** Under this name the view's brushes filter the page. */
export const FILTER_NAME = 'parallel';

/** The lines in colour. */
export function colouredLines({ layout, ys, colouring }: Scene, rows: Int32Array): Polylines {
  const buckets = bucketRows(rows, colouring.colours, colouring.rowColour);
  return { xs: layout.xs, ys, lane: layout.lane, buckets, ...lineStrength(rows.length) };
}

/** However many shadows fall together, they get no darker than this. */
export const SHADOW = 0.32;

/** What is left of the lines that don't pass: nothing while all do. */
export function shadows(scene: Scene, { coloured, visible, grey }: Sorted): Polylines[] {
  const brushed = coloured.length < visible.length;
  return [shadowLines(scene, grey, 0.3), ...(brushed ? [shadowLines(scene, visible, 0.8)] : [])];
}

/** Lines in the colour of text, so faint that a crowd of them is a shade. */
function shadowLines({ layout, ys, theme }: Scene, rows: Int32Array, strength: number): Polylines {
  const { alpha } = lineStrength(rows.length);
  return {
    xs: layout.xs,
    ys,
    lane: layout.lane,
    buckets: [{ colour: ink(theme), rows: Array.from(rows) }],
    alpha: alpha * strength,
    width: 1,
  };
}

function keep(before: Int32Array | undefined, rows: readonly number[]): Int32Array {
  const same = before?.length === rows.length && rows.every((row, at) => before[at] === row);
  return same && before ? before : Int32Array.from(rows);
}
