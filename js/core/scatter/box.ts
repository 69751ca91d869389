import type { AxisScale } from '../axes/axis-scale';
import {
  brushOver,
  brushPieces,
  type Interval,
  isBrushed,
  movedInterval,
  type Piece,
  type ScaledAxis,
} from '../axes/brushes';
import type { Brush } from '../wire';
import { JITTER } from './places';

/** A rectangle of the plot, by places from 0 to 1 on each axis. */
export interface Box {
  readonly x: Interval;
  readonly y: Interval;
}

/** A place on both axes. */
export type Place = readonly [number, number];

/** The box that is brushed; null while none is. */
export function brushedBox(x: ScaledAxis, y: ScaledAxis): Box | null {
  if (!isBrushed([x]) || !isBrushed([y])) {
    return null;
  }
  return { x: hull(brushPieces(x)), y: hull(brushPieces(y)) };
}

/** The brush that covers `interval`: of words all whose points may lie in it, jittered as they are. */
export function brushAlong(scale: AxisScale, [low, high]: Interval): Brush {
  const slack = scale.kind === 'category' ? JITTER / scale.categories.length : 0;
  return brushOver(scale, [low - slack, high + slack]) ?? { values: [] };
}

/**
 * What the box is while the pointer, put down at `start`, is at another place: one that is held by its edge is sized, one
 * held within moves, elsewhere a new one begins. `edge` is how near an edge is, on each axis.
 */
export function startBox(box: Box | null, start: Place, edge: Place): (place: Place) => Box {
  if (box === null || !isNear(box.x, start[0], edge[0]) || !isNear(box.y, start[1], edge[1])) {
    return (place) => ({ x: ordered(start[0], place[0]), y: ordered(start[1], place[1]) });
  }
  const [fixedX, fixedY] = [fixedEnd(box.x, start[0], edge[0]), fixedEnd(box.y, start[1], edge[1])];
  if (fixedX === null && fixedY === null) {
    return (place) => ({
      x: movedInterval(box.x, place[0] - start[0]),
      y: movedInterval(box.y, place[1] - start[1]),
    });
  }
  return (place) => ({
    x: fixedX === null ? box.x : ordered(fixedX, place[0]),
    y: fixedY === null ? box.y : ordered(fixedY, place[1]),
  });
}

/** A box around a place, or `box` with all edges moved outwards by `by`; it keeps some size. */
export function grownBox(box: Box | null, [x, y]: Place, by: number): Box {
  const grow = ([low, high]: Interval): Interval => {
    const half = Math.max(0.01, (high - low) / 2 + by);
    const middle = (low + high) / 2;
    return [middle - half, middle + half];
  };
  return box === null ? { x: grow([x, x]), y: grow([y, y]) } : { x: grow(box.x), y: grow(box.y) };
}

function hull(pieces: readonly Piece[]): Interval {
  const ends = pieces.flatMap(({ interval }) => interval);
  return ends.length === 0 ? [0, 0] : [Math.min(...ends), Math.max(...ends)];
}

function isNear([low, high]: Interval, place: number, edge: number): boolean {
  return place >= low - edge && place <= high + edge;
}

/** The other end, where a place is on one end of an interval; null where it is on none. */
function fixedEnd([low, high]: Interval, place: number, edge: number): number | null {
  if (Math.abs(place - low) <= edge) {
    return high;
  }
  return Math.abs(place - high) <= edge ? low : null;
}

function ordered(a: number, b: number): Interval {
  return a < b ? [a, b] : [b, a];
}
