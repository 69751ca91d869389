import { makeScale } from '../axes/axis-scale';
import type { ScaledAxis } from '../axes/brushes';
import { isBrushed, passingRows } from '../axes/brushes';
import type { Colouring } from '../axes/colouring';
import { bucketRows } from '../axes/colouring';
import { isSameRows } from '../rows';
import { findColumn } from '../runs';
import { MaskedRuns, type Selection } from '../selection';
import type { Theme } from '../theme';
import { ink } from '../theme';
import type { Axis, RunTable } from '../wire';
import type { Layout } from './layout';
import type { Polylines } from './polylines';
import { lineStrength, type Strength, thinned } from './polylines';

/** All that is drawn. */
export interface Scene {
  readonly table: RunTable;
  readonly axes: readonly ScaledAxis[];
  readonly layout: Layout;
  readonly ys: readonly Float32Array[];
  readonly colouring: Colouring;
  readonly theme: Theme;
  /** How many pixels of the screen a CSS pixel is wide. */
  readonly ratio: number;
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
export function passingRuns(table: RunTable, axes: readonly ScaledAxis[]): MaskedRuns | null {
  return isBrushed(axes) ? new MaskedRuns(table, passingRows(axes, table.run_ids.length)) : null;
}

/** Sorts all rows by what becomes of them; `passing` is what the brushes here let pass. */
export function sortRows(
  { table }: Scene,
  passing: MaskedRuns | null,
  selection: Selection,
  before: Sorted | null = null,
): Sorted {
  const others = selection.passingRows(table, FILTER_NAME);
  const visible = rowsWith(others, 1);
  return {
    coloured: keep(before?.coloured, passing === null ? visible : visible.filter((row) => passing.mask[row] === 1)),
    visible: keep(before?.visible, visible),
    grey: keep(before?.grey, rowsWith(others, 0)),
  };
}

/** Under this name the view's brushes filter the page. */
export const FILTER_NAME = 'parallel';

/** The lines in colour; of a sketch every so many-th, thin. */
export function colouredLines(scene: Scene, rows: Int32Array, sketch: number | null = null): Polylines {
  const { layout, ys, colouring } = scene;
  const some = everyNth(rows, sketch ?? 1);
  const buckets = bucketRows(some, colouring.colours, colouring.rowColour);
  return { xs: layout.xs, ys, lane: layout.lane, buckets, ...strengthOf(scene, some.length, sketch !== null) };
}

/** However many shadows fall together, they get no darker than this. */
export const SHADOW = 0.32;

/** What is left of the lines that don't pass: nothing while all do. */
export function shadows(scene: Scene, { coloured, visible, grey }: Sorted, sketch: number | null = null): Polylines[] {
  const brushed = coloured.length < visible.length;
  return [shadowLines(scene, grey, 0.3, sketch), ...(brushed ? [shadowLines(scene, visible, 0.8, sketch)] : [])];
}

/** Lines in the colour of text, so faint that a crowd of them is a shade. */
function shadowLines(scene: Scene, rows: Int32Array, strength: number, sketch: number | null): Polylines {
  const { layout, ys, theme } = scene;
  const some = everyNth(rows, sketch ?? 1);
  const { alpha, width } = strengthOf(scene, some.length, true);
  return {
    xs: layout.xs,
    ys,
    lane: layout.lane,
    buckets: [{ colour: ink(theme), rows: Array.from(some) }],
    alpha: alpha * strength,
    width,
  };
}

function strengthOf({ ratio }: Scene, count: number, isThin: boolean): Strength {
  const strength = lineStrength(count, ratio);
  return isThin ? thinned({ ...strength, width: Math.min(1, strength.width) }, ratio) : strength;
}

function everyNth(rows: Int32Array, stride: number): Int32Array {
  return stride === 1 ? rows : rows.filter((_row, at) => at % stride === 0);
}

/** The rows where the mask is `value`. */
function rowsWith(mask: Uint8Array, value: 0 | 1): Int32Array {
  const rows = new Int32Array(mask.length);
  let count = 0;
  for (let row = 0; row < mask.length; row++) {
    if (mask[row] === value) {
      rows[count++] = row;
    }
  }
  return rows.subarray(0, count);
}

function keep(before: Int32Array | undefined, rows: Int32Array): Int32Array {
  return before && isSameRows(before, rows) ? before : rows;
}
