import type { Axis, Brush } from '../wire';
import type { AxisScale } from './axis-scale';
import { categoryPlace, numberAt, placeOf } from './axis-scale';

/** A part of an axis, by places from 0 to 1, the lower first. */
export type Interval = readonly [number, number];

/** An axis as it is drawn. */
export interface ScaledAxis {
  readonly axis: Axis;
  readonly scale: AxisScale;
}

/** Rounding of places to 32 bits must not push a value out of the brush that was drawn around it. */
const SLACK = 1e-6;

/** The brush that covers `interval`; an end that reaches the axis' own is open. Null if it covers no category. */
export function brushOver(scale: AxisScale, [from, to]: Interval): Brush | null {
  if (scale.kind === 'category') {
    const values = scale.categories.filter((_category, index) => {
      const place = categoryPlace(scale, index);
      return place >= from && place <= to;
    });
    return values.length > 0 ? { values } : null;
  }
  return { low: from <= 0 ? null : numberAt(scale, from), high: to >= 1 ? null : numberAt(scale, to) };
}

/** The parts of the axis that a brush covers: one of a numeric axis, neighbouring categories joined. */
export function brushedIntervals(scale: AxisScale, brush: Brush): Interval[] {
  if (brush.missing) {
    return [];
  }
  if (scale.kind !== 'category') {
    const low = brush.low == null ? 0 : placeOf(scale, brush.low);
    const high = brush.high == null ? 1 : placeOf(scale, brush.high);
    return [[Math.max(0, low), Math.min(1, high)]];
  }
  const chosen = new Set(brush.values ?? []);
  const half = 0.5 / scale.categories.length;
  const intervals: [number, number][] = [];
  for (const [index, category] of scale.categories.entries()) {
    if (chosen.has(category)) {
      const place = categoryPlace(scale, index);
      const last = intervals.at(-1);
      if (last !== undefined && Math.abs(last[1] - (place - half)) < SLACK) {
        last[1] = place + half;
      } else {
        intervals.push([place - half, place + half]);
      }
    }
  }
  return intervals;
}

/** The brushes of an axis. Earlier notebooks saved one of them, as `brush`; nobody writes it now. */
export function brushesOf({ brush, brushes = [] }: Axis): readonly Brush[] {
  return brushes.length === 0 && brush ? [brush] : brushes;
}

/** Whether a brush of the axis takes the runs that have no place on it. */
export function takesMissing(axis: Axis): boolean {
  return brushesOf(axis).some(({ missing }) => missing);
}

/** The brushes of an axis, with or without that of what is missing. */
export function withMissing(brushes: readonly Brush[], isTaken: boolean): Brush[] {
  const others = brushes.filter(({ missing }) => !missing);
  return isTaken ? [...others, { missing: true }] : others;
}

/** The axis with these brushes in place of those it has. */
export function withBrushes(axis: Axis, brushes: readonly Brush[]): Axis {
  return { ...axis, brush: null, brushes: [...brushes] };
}

/** A brush in one piece, and where it lies. */
export interface Piece {
  readonly brush: Brush;
  readonly interval: Interval;
}

/** The brushes of an axis as they are drawn and taken hold of: each in one piece. */
export function brushPieces({ axis, scale }: ScaledAxis): Piece[] {
  return brushesOf(axis).flatMap((brush) => {
    const intervals = brushedIntervals(scale, brush);
    return intervals.map((interval) => ({
      brush: intervals.length > 1 ? (brushOver(scale, interval) ?? brush) : brush,
      interval,
    }));
  });
}

/** Whether any axis is brushed. */
export function isBrushed(axes: readonly ScaledAxis[]): boolean {
  return axes.some(({ axis }) => brushesOf(axis).length > 0);
}

const masks = new WeakMap<Axis, { scale: AxisScale; mask: Uint8Array }>();

/** For each row 1 if a brush of this axis has it; worked out once for as long as the axis is the same object. */
function brushedRows({ axis, scale }: ScaledAxis): Uint8Array {
  const known = masks.get(axis);
  if (known?.scale === scale) {
    return known.mask;
  }
  const mask = Uint8Array.from(scale.places, (place) => (takesMissing(axis) && Number.isNaN(place) ? 1 : 0));
  for (const [low, high] of brushesOf(axis).flatMap((brush) => brushedIntervals(scale, brush))) {
    const [from, to] = [low - SLACK, high + SLACK];
    for (let row = 0; row < mask.length; row++) {
      const place = scale.places[row] ?? Number.NaN;
      if (place >= from && place <= to) {
        mask[row] = 1;
      }
    }
  }
  masks.set(axis, { scale, mask });
  return mask;
}

/** For each of `rows` rows 1 if every brushed axis has it in a brush, else 0. What is missing there passes only where that is brushed. */
export function passingRows(axes: readonly ScaledAxis[], rows: number): Uint8Array {
  const passing = new Uint8Array(rows).fill(1);
  for (const scaled of axes) {
    if (brushesOf(scaled.axis).length > 0) {
      const mask = brushedRows(scaled);
      for (let row = 0; row < rows; row++) {
        if (mask[row] === 0) {
          passing[row] = 0;
        }
      }
    }
  }
  return passing;
}

/** An interval moved by `by`, kept on the axis at its length. */
export function movedInterval([low, high]: Interval, by: number): Interval {
  const start = Math.min(Math.max(0, low + by), 1 - (high - low));
  return [start, start + (high - low)];
}

/** An interval with its upper end moved by `by`, kept on the axis and not turned over. */
export function grownInterval([low, high]: Interval, by: number): Interval {
  return [low, Math.min(1, Math.max(low + 0.02, high + by))];
}

/** A brush for the keyboard to begin with: the middle of the widest part of the axis that none covers. */
export function freeInterval(taken: readonly Interval[]): Interval {
  let [from, to, end] = [0, 0, 0];
  for (const [low, high] of [...taken, [1, 1] as const].sort(([a], [b]) => a - b)) {
    if (low - end > to - from) {
      [from, to] = [end, low];
    }
    end = Math.max(end, high);
  }
  const quarter = (to - from) / 4;
  return [from + quarter, to - quarter];
}
