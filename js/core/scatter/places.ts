import type { AxisScale } from '../axes/axis-scale';
import { categoryPlace } from '../axes/axis-scale';
import type { RunTable } from '../wire';

/** How far points stray from the middle of their word, in parts of its share of the axis. */
export const JITTER = 0.3;

/** Where things are, in CSS pixels from the upper left of the drawing. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const TOP = 26;
const BOTTOM = 40;
const RIGHT = 14;
/** Between an axis' end and the first point, so that none is cut. */
const PADDING = 14;
const LABEL_GAP = 12;

/** The frame of a plot whose labels of the y axis are `labels` pixels wide. */
export function makeLayout(width: number, height: number, labels: number): Layout {
  return { width, height, left: labels + LABEL_GAP, right: width - RIGHT, top: TOP, bottom: height - BOTTOM };
}

/** The x of a place on the x axis. */
export function placeX({ left, right }: Layout, place: number): number {
  return left + PADDING + place * (right - left - 2 * PADDING);
}

/** The y of a place on the y axis. */
export function placeY({ top, bottom }: Layout, place: number): number {
  return bottom - PADDING - place * (bottom - top - 2 * PADDING);
}

/** The places on both axes at a point of the drawing. */
export function placeAt({ left, right, top, bottom }: Layout, x: number, y: number): [number, number] {
  return [(x - left - PADDING) / (right - left - 2 * PADDING), (bottom - PADDING - y) / (bottom - top - 2 * PADDING)];
}

/** Each row's place, words jittered: a run strays by the same way in every drawing. NaN where the value is missing. */
export function jittered(scale: AxisScale, table: RunTable, salt: number): Float32Array {
  if (scale.kind !== 'category') {
    return scale.places;
  }
  const spread = (2 * JITTER) / scale.categories.length;
  return scale.places.map((place, row) => place + (fraction(table.run_ids[row] ?? '', salt) - 0.5) * spread);
}

/** For each category its share of the axis, for the lines between them. */
export function categoryEdges(scale: AxisScale): number[] {
  return scale.categories
    .slice(1)
    .map((_category, index) => categoryPlace(scale, index) + 0.5 / scale.categories.length);
}

/** A number from 0 to 1 out of a text: FNV-1a (Fowler, Noll, Vo 1991), mixed once more for texts that end alike. */
function fraction(text: string, salt: number): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 12)) >>> 0) / 2 ** 32;
}
