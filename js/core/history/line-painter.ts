import type { DrawnLine, Extent, NonFiniteKind } from './lines';
import { stretches } from './lines';

/** How a line is drawn. */
export interface LineStyle {
  readonly colour: string;
  readonly dash: readonly number[];
  /** Its dash where it stands out. */
  readonly ownDash: readonly number[];
  readonly width: number;
  readonly alpha: number;
  /** How strong what stands behind the line is, its envelope and its raw self: less where many would cover each other. */
  readonly behind: number;
}

/** The part of the data shown, and how it is put on an area of `width` × `height` pixels. */
export interface Window {
  readonly x: Extent;
  readonly y: Extent;
  readonly logX: boolean;
  readonly logY: boolean;
  readonly width: number;
  readonly height: number;
}

/** How strong bands are: that of thinned points is where the line really is, that of a group says how its runs differ. */
const THINNED = 0.34;
const BAND = 0.16;
const MARK = 4;
const DOT = 2.2;
const RING = 3.6;
/** What is so many pixels beyond an edge is on it: the axes' ends are rounded. */
const EDGE = 0.5;
/** So many pixels beyond the edges a ring may reach. */
export const RING_ROOM = 6;

/** Where a value lies on an axis of `length` pixels. */
export function position(value: number, [low, high]: Extent, log: boolean, length: number): number {
  const fraction = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return fraction * length;
}

/** The value at a pixel: the inverse of `position`. */
export function valueAt(pixel: number, [low, high]: Extent, log: boolean, length: number): number {
  const fraction = pixel / length;
  return log ? low * (high / low) ** fraction : low + (high - low) * fraction;
}

/** Draws one line: its band, its raw self faintly where it is smoothed, the line. */
export function paintLine(context: CanvasRenderingContext2D, line: DrawnLine, window: Window, style: LineStyle): void {
  const x = pixels(window.x, window.logX, window.width);
  const up = pixels(window.y, window.logY, window.height);
  const y = (value: number): number => window.height - up(value);
  context.strokeStyle = style.colour;
  context.fillStyle = style.colour;
  context.lineJoin = 'bevel';
  if (line.band && style.behind > 0) {
    context.globalAlpha = style.alpha * style.behind * (line.thinned ? THINNED : BAND);
    traceBand(context, line, window, x, y);
    context.fill();
  }
  if (line.drawn !== line.mean && style.behind > 0) {
    context.globalAlpha = style.alpha * style.behind * 0.28;
    context.lineWidth = 1;
    context.setLineDash([]);
    traceLine(context, line, line.mean, window, x, y);
    context.stroke();
  }
  context.globalAlpha = style.alpha;
  context.lineWidth = style.width;
  context.setLineDash(style.dash.map((length) => length * Math.max(1, style.width)));
  const lonely = traceLine(context, line, line.drawn, window, x, y);
  context.stroke();
  if (lonely.length > 0) {
    traceDots(context, line, lonely, x, y);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** Draws where a line is not a number; a mark at an edge is drawn over it. */
export function paintMarks(context: CanvasRenderingContext2D, line: DrawnLine, window: Window, style: LineStyle): void {
  if (line.marks.length > 0) {
    context.fillStyle = style.colour;
    context.globalAlpha = style.alpha;
    context.fill(marksPath(line, window));
    context.globalAlpha = 1;
  }
}

/** Draws a ring around a point in sight, such as the best of a line; at an edge it is drawn over it. */
export function paintRing(
  context: CanvasRenderingContext2D,
  point: { readonly x: number; readonly value: number },
  window: Window,
  { colour, ground }: { colour: string; ground: string },
): void {
  const isInside = (place: number, length: number): boolean => place > -EDGE && place < length + EDGE;
  const [x, y] = [pixelX(window, point.x), pixelY(window, point.value)];
  if (!isInside(x, window.width) || !isInside(y, window.height)) {
    return;
  }
  context.beginPath();
  context.arc(x, y, RING, 0, 2 * Math.PI);
  context.setLineDash([]);
  context.lineWidth = 1.8;
  context.strokeStyle = colour;
  context.fillStyle = ground;
  context.fill();
  context.stroke();
}

type Place = (value: number) => number;

function pixelX(window: Window, x: number): number {
  return position(x, window.x, window.logX, window.width);
}

function pixelY(window: Window, y: number): number {
  return window.height - position(y, window.y, window.logY, window.height);
}

/** `position` for many values: what does not depend on them is worked out once. */
function pixels([low, high]: Extent, log: boolean, length: number): Place {
  const factor = length / (log ? Math.log(high / low) : high - low);
  return log ? (value) => Math.log(value / low) * factor : (value) => (value - low) * factor;
}

/** Makes a line the context's path; returns the places of points that stand alone between gaps: no line shows them. */
function traceLine(
  context: CanvasRenderingContext2D,
  line: DrawnLine,
  values: Float64Array,
  window: Window,
  x: Place,
  y: Place,
): number[] {
  const lonely: number[] = [];
  context.beginPath();
  for (const [from, to] of stretches(line, values, window.logX, window.logY)) {
    context.moveTo(x(line.x[from] ?? Number.NaN), y(values[from] ?? Number.NaN));
    for (let at = from + 1; at < to; at++) {
      context.lineTo(x(line.x[at] ?? Number.NaN), y(values[at] ?? Number.NaN));
    }
    if (to - from === 1) {
      lonely.push(from);
    }
  }
  return lonely;
}

function traceDots(
  context: CanvasRenderingContext2D,
  line: DrawnLine,
  places: readonly number[],
  x: Place,
  y: Place,
): void {
  context.beginPath();
  for (const at of places) {
    const [left, top] = [x(line.x[at] ?? Number.NaN), y(line.drawn[at] ?? Number.NaN)];
    context.moveTo(left + DOT, top);
    context.arc(left, top, DOT, 0, 2 * Math.PI);
  }
}

function traceBand(context: CanvasRenderingContext2D, line: DrawnLine, window: Window, x: Place, y: Place): void {
  // The low end of a column on a log axis may be zero or less: then it reaches the bottom.
  const lowEdge = (low: number): number => (window.logY && low <= 0 ? window.height : y(low));
  context.beginPath();
  for (const [from, to] of stretches(line, line.high, window.logX, window.logY)) {
    context.moveTo(x(line.x[from] ?? Number.NaN), y(line.high[from] ?? Number.NaN));
    for (let at = from + 1; at < to; at++) {
      context.lineTo(x(line.x[at] ?? Number.NaN), y(line.high[at] ?? Number.NaN));
    }
    for (let at = to - 1; at >= from; at--) {
      context.lineTo(x(line.x[at] ?? Number.NaN), lowEdge(line.low[at] ?? Number.NaN));
    }
    context.closePath();
  }
}

function marksPath(line: DrawnLine, window: Window): Path2D {
  const path = new Path2D();
  const taken = new Set<string>();
  for (const { x, kind } of line.marks) {
    const pixel = pixelX(window, x);
    const place = `${Math.round(pixel / 2)}${kind}`;
    if (pixel >= 0 && pixel <= window.width && !taken.has(place)) {
      taken.add(place);
      addMark(path, pixel, kind, window.height);
    }
  }
  return path;
}

/** ▲ at the upper edge for +∞, ▼ at the lower one for −∞, a hollow ▽ there for NaN. */
function addMark(path: Path2D, x: number, kind: NonFiniteKind, height: number): void {
  const up = kind === 'Infinity';
  const base = up ? 2 * MARK : height - 2 * MARK;
  const tip = up ? 1 : height - 1;
  triangle(path, x, base, tip, MARK);
  if (kind === 'NaN') {
    triangle(path, x, base + 1.5, tip - 2.5, -MARK + 1.8);
  }
}

/** With a negative `half` it runs the other way round, which cuts a hole. */
function triangle(path: Path2D, x: number, base: number, tip: number, half: number): void {
  path.moveTo(x - half, base);
  path.lineTo(x + half, base);
  path.lineTo(x, tip);
  path.closePath();
}
