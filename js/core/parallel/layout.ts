import type { ScaledAxis } from '../axes/brushes';

/** Where things are, in CSS pixels from the upper left of the drawing. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** x of each axis. */
  readonly xs: readonly number[];
  /** The distance between neighbouring axes. */
  readonly gap: number;
  readonly top: number;
  readonly bottom: number;
  /** y of the lane for what is missing; out of sight where nothing is. */
  readonly lane: number;
}

const TOP = 50;
/** Names stand in two rows by turns where one row is too narrow for them. */
const NAME_ROW = 15;
/** Between the axes' lower ends and the lane: a line that goes there visibly leaves the axis. */
const LANE = 34;
const BOTTOM = 14;
const LEFT = 36;
const RIGHT = 64;
/** Closer together, labels could no longer be told apart: the drawing scrolls instead. */
const NARROWEST_GAP = 62;

/** Spreads `axes` axes over at least `width` pixels, above a lane for what is missing if anything is. */
export function makeLayout(axes: number, width: number, height: number, isAnyMissing: boolean): Layout {
  const gaps = Math.max(1, axes - 1);
  const gap = Math.max(NARROWEST_GAP, (width - LEFT - RIGHT) / gaps);
  const whole = axes > 1 ? Math.max(width, LEFT + RIGHT + gap * gaps) : width;
  const xs = Array.from({ length: axes }, (_, at) => (axes > 1 ? LEFT + gap * at : width / 2));
  const lane = isAnyMissing ? height - BOTTOM : height + LANE;
  return { width: whole, height, xs, gap, top: TOP, bottom: Math.min(lane - LANE, height - BOTTOM), lane };
}

/** Where the name of an axis stands, in CSS pixels of the drawing. */
export interface NamePlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

/** Places the names of all axes, given the widths of their texts, so that none runs into another or out of the drawing. */
export function placeNames({ xs, gap, width: whole }: Layout, textWidths: readonly number[]): NamePlace[] {
  const crowded = textWidths.some((textWidth) => textWidth > gap - 4);
  const most = crowded ? 2 * gap - 6 : gap - 4;
  return xs.map((x, at) => {
    const from = Math.max(2, x - most / 2);
    const to = Math.min(whole - 2, x + most / 2);
    const width = Math.min(to - from, textWidths[at] ?? 0);
    const left = Math.max(from, Math.min(x - width / 2, to - width));
    return { left, width, top: crowded && at % 2 === 1 ? NAME_ROW : 0 };
  });
}

/** Whether anything is missing on any of the axes. */
export function isAnyMissing(axes: readonly ScaledAxis[]): boolean {
  return axes.some(({ scale }) => scale.missing > 0);
}

/** The y of a place on an axis. */
export function placeY(layout: Layout, place: number, flipped: boolean): number {
  if (Number.isNaN(place)) {
    return layout.lane;
  }
  return layout.bottom - (flipped ? 1 - place : place) * (layout.bottom - layout.top);
}

/** The place at a y of an axis, kept on it. */
export function yPlace(layout: Layout, y: number, flipped: boolean): number {
  const place = Math.min(1, Math.max(0, (layout.bottom - y) / (layout.bottom - layout.top)));
  return flipped ? 1 - place : place;
}

/** For each axis the y of every row. */
export function rowYs(layout: Layout, axes: readonly ScaledAxis[]): Float32Array[] {
  return axes.map(({ axis, scale }) => scale.places.map((place) => placeY(layout, place, axis.flipped ?? false)));
}

/** The row of `rows` whose line passes nearest to a point, measured at right angles to it; −1 if none is within `reach`. */
export function nearestRow(
  { xs }: Layout,
  ys: readonly Float32Array[],
  rows: Int32Array,
  [x, y]: readonly [number, number],
  reach: number,
): number {
  const right = xs.findIndex((at) => at >= x);
  const at = Math.max(1, right < 0 ? xs.length - 1 : right);
  const [fromX = 0, toX = 1] = [xs[at - 1], xs[at]];
  const [from, to] = [ys[at - 1], ys[at]];
  if (from === undefined || to === undefined || x < fromX - reach || x > toX + reach) {
    return -1;
  }
  const fraction = Math.min(1, Math.max(0, (x - fromX) / (toX - fromX)));
  let nearest = -1;
  let least = reach;
  for (const row of rows) {
    const [a = 0, b = 0] = [from[row], to[row]];
    const away = Math.abs(a + (b - a) * fraction - y) / Math.hypot(1, (b - a) / (toX - fromX));
    if (away < least) {
      least = away;
      nearest = row;
    }
  }
  return nearest;
}

/** The axis whose place a dragged label is nearest to. */
export function nearestAxis({ xs }: Layout, x: number): number {
  let nearest = 0;
  for (const [at, place] of xs.entries()) {
    if (Math.abs(place - x) < Math.abs((xs[nearest] ?? 0) - x)) {
      nearest = at;
    }
  }
  return nearest;
}
