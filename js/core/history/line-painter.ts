import type { DrawnLine, Extent, NonFiniteKind } from './lines';
import { stretches } from './lines';

/** How a line is drawn. */
export interface LineStyle {
  readonly colour: string;
  readonly dash: readonly number[];
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

const MARK = 4;
const DOT = 2.2;

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

/** Draws one line: its envelope where it was thinned, its raw self faintly where it is smoothed, the line, its marks. */
export function paintLine(context: CanvasRenderingContext2D, line: DrawnLine, window: Window, style: LineStyle): void {
  context.strokeStyle = style.colour;
  context.fillStyle = style.colour;
  context.lineJoin = 'bevel';
  if (line.thinned && style.behind > 0) {
    context.globalAlpha = style.alpha * style.behind * 0.16;
    context.fill(bandPath(line, window));
  }
  if (line.drawn !== line.mean && style.behind > 0) {
    context.globalAlpha = style.alpha * style.behind * 0.28;
    context.lineWidth = 1;
    context.setLineDash([]);
    context.stroke(linePath(line, line.mean, window));
  }
  context.globalAlpha = style.alpha;
  context.lineWidth = style.width;
  context.setLineDash(style.dash.map((length) => length * Math.max(1, style.width)));
  context.stroke(linePath(line, line.drawn, window));
  context.fill(dotsPath(line, window));
  context.fill(marksPath(line, window));
  context.globalAlpha = 1;
}

function pixelX(window: Window, x: number): number {
  return position(x, window.x, window.logX, window.width);
}

function pixelY(window: Window, y: number): number {
  return window.height - position(y, window.y, window.logY, window.height);
}

function linePath(line: DrawnLine, values: Float64Array, window: Window): Path2D {
  const path = new Path2D();
  for (const [from, to] of stretches(line, values, window.logX, window.logY)) {
    for (let at = from; at < to; at++) {
      const x = pixelX(window, line.x[at] ?? Number.NaN);
      const y = pixelY(window, values[at] ?? Number.NaN);
      if (at === from) {
        path.moveTo(x, y);
      } else {
        path.lineTo(x, y);
      }
    }
  }
  return path;
}

/** Points that stand alone between gaps have no line to be seen by. */
function dotsPath(line: DrawnLine, window: Window): Path2D {
  const path = new Path2D();
  for (const [from, to] of stretches(line, line.drawn, window.logX, window.logY)) {
    if (to - from === 1) {
      const x = pixelX(window, line.x[from] ?? Number.NaN);
      const y = pixelY(window, line.drawn[from] ?? Number.NaN);
      path.moveTo(x + DOT, y);
      path.arc(x, y, DOT, 0, 2 * Math.PI);
    }
  }
  return path;
}

function bandPath(line: DrawnLine, window: Window): Path2D {
  const path = new Path2D();
  for (const [from, to] of stretches(line, line.high, window.logX, window.logY)) {
    const x = (at: number): number => pixelX(window, line.x[at] ?? Number.NaN);
    path.moveTo(x(from), pixelY(window, line.high[from] ?? Number.NaN));
    for (let at = from + 1; at < to; at++) {
      path.lineTo(x(at), pixelY(window, line.high[at] ?? Number.NaN));
    }
    for (let at = to - 1; at >= from; at--) {
      path.lineTo(x(at), lowEdge(window, line.low[at] ?? Number.NaN));
    }
    path.closePath();
  }
  return path;
}

/** The low end of a column on a log axis may be zero or less: then it reaches the bottom. */
function lowEdge(window: Window, low: number): number {
  return window.logY && low <= 0 ? window.height : pixelY(window, low);
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
