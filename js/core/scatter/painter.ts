import type { AxisScale, Tick } from '../axes/axis-scale';
import { axisTicks } from '../axes/axis-scale';
import { bucketRows } from '../axes/colouring';
import { fitText } from '../picture';
import type { Theme } from '../theme';
import { halo, ink } from '../theme';
import type { Layout } from './places';
import { categoryEdges, placeX, placeY } from './places';
import type { Scene, Sorted } from './scene';

const FONT_SIZE = 11;
const X_SPACE = 105;
const Y_SPACE = 38;
const Y_CATEGORY_SPACE = 15;
const WIDEST_LABEL = 130;
const CIRCLE = 2 * Math.PI;
const FRONT_RING = 2.5;
/** Of more runs the points are too many to be drawn round within a frame. */
const CROWD = 3000;
const ALPHA = 0.88;

/** The ticks of both axes, and how wide the labels of the y axis are. */
export interface Ticks {
  readonly x: readonly Tick[];
  readonly y: readonly Tick[];
  readonly width: number;
}

/** The ticks of axes in a drawing of this size. */
export function makeTicks(
  context: CanvasRenderingContext2D,
  [x, y]: readonly [AxisScale, AxisScale],
  [width, height]: readonly [number, number],
  theme: Theme,
): Ticks {
  context.font = `${FONT_SIZE}px ${theme.font}`;
  const most = Math.min(WIDEST_LABEL, width / 4);
  const down = axisTicks(y, height / (y.kind === 'category' ? Y_CATEGORY_SPACE : Y_SPACE));
  const yTicks = down.map((tick) => ({ ...tick, label: fitText(context, tick.label, most) }));
  const labels = Math.max(12, ...yTicks.map(({ label }) => context.measureText(label).width));
  const across = axisTicks(x, width / (x.kind === 'category' ? X_SPACE * 0.6 : X_SPACE));
  const apart = (width - labels) / Math.max(1, across.length) - 8;
  const xTicks =
    x.kind === 'category' ? across.map((tick) => ({ ...tick, label: fitText(context, tick.label, apart) })) : across;
  return { x: xTicks, y: yTicks, width: labels };
}

/** Draws the frame, its grid and labels, and what the axes are. */
export function paintAxes(context: CanvasRenderingContext2D, scene: Scene, ticks: Ticks): void {
  const { layout, theme } = scene;
  const { left, right, top, bottom } = layout;
  const xs = ticks.x.map(({ place }) => placeX(layout, place));
  const ys = ticks.y.map(({ place }) => placeY(layout, place));
  const linesX = scene.x.scale.kind === 'category' ? categoryEdges(scene.x.scale).map((at) => placeX(layout, at)) : xs;
  const linesY = scene.y.scale.kind === 'category' ? categoryEdges(scene.y.scale).map((at) => placeY(layout, at)) : ys;
  strokeLines(context, ink(theme, 0.09), [
    ...linesX.map((x) => [x, top, x, bottom] as const),
    ...linesY.map((y) => [left, y, right, y] as const),
  ]);
  strokeLines(context, ink(theme, 0.3), [
    [left, top, left, bottom],
    [left, bottom, right, bottom],
  ]);
  context.font = `${FONT_SIZE}px ${theme.font}`;
  context.fillStyle = ink(theme, 0.8);
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const [at, { label }] of ticks.y.entries()) {
    context.fillText(label, left - 6, ys[at] ?? 0);
  }
  paintXLabels(context, ticks.x, xs, layout);
  paintNames(context, scene);
}

function paintXLabels(
  context: CanvasRenderingContext2D,
  ticks: readonly Tick[],
  xs: readonly number[],
  { width, bottom }: Layout,
): void {
  context.textAlign = 'center';
  let before = Number.NEGATIVE_INFINITY;
  let said = '';
  for (const [at, { label }] of ticks.entries()) {
    const half = context.measureText(label).width / 2;
    const x = Math.min(width - half - 2, Math.max(half + 2, xs[at] ?? 0));
    // Times less than a second apart read the same.
    if (x - half > before + 6 && label !== said) {
      context.fillText(label, x, bottom + 11);
      before = x + half;
      said = label;
    }
  }
  context.textAlign = 'left';
}

function paintNames(context: CanvasRenderingContext2D, { x, y, layout, theme }: Scene): void {
  const room = layout.right - 8;
  context.font = `600 ${FONT_SIZE + 1}px ${theme.font}`;
  context.fillStyle = ink(theme);
  context.textAlign = 'left';
  context.fillText(fitText(context, axisTitle(y.scale), room), 4, 10);
  context.textAlign = 'right';
  context.fillText(fitText(context, axisTitle(x.scale), room), layout.right, layout.height - 9);
  context.textAlign = 'left';
}

/** What an axis is called, and which end of it is better. */
function axisTitle({ column, log }: AxisScale): string {
  const goal = column.goal == null ? '' : column.goal === 'min' ? ' (lower is better)' : ' (higher is better)';
  return `${column.name}${log ? ', log' : ''}${goal}`;
}

/** Draws all points, those that pass on top, in the order of their colours. */
export function paintPoints(context: CanvasRenderingContext2D, scene: Scene, { coloured, grey }: Sorted): void {
  const { colouring, table, theme } = scene;
  const fill = table.run_ids.length > CROWD ? fillSquares : fillCircles;
  context.fillStyle = ink(theme, 0.14);
  fill(context, scene, grey, null);
  context.globalAlpha = ALPHA;
  for (const { colour, rows } of bucketRows(coloured, colouring.colours, colouring.rowColour)) {
    context.fillStyle = colour;
    fill(context, scene, rows, halo(theme));
  }
  context.globalAlpha = 1;
}

/** Draws the Pareto front: a line along what is attained, as steps, and a ring around each run on it. */
export function paintFront(context: CanvasRenderingContext2D, scene: Scene, front: readonly number[]): void {
  const { xs, ys, radii, theme } = scene;
  const at = (row: number): [number, number] => [xs[row] ?? 0, ys[row] ?? 0];
  context.lineWidth = 1.25;
  context.strokeStyle = ink(theme, 0.7);
  context.setLineDash([5, 3]);
  context.beginPath();
  for (const [index, row] of front.entries()) {
    const [x, y] = at(row);
    if (index === 0) {
      context.moveTo(x, y);
    } else {
      context.lineTo(x, ys[front[index - 1] ?? row] ?? y);
      context.lineTo(x, y);
    }
  }
  context.stroke();
  context.setLineDash([]);
  for (const row of front) {
    const [x, y] = at(row);
    paintRing(context, x, y, (radii[row] ?? 3) + FRONT_RING, ink(theme, 0.85), 1.25);
  }
}

/** Draws a ring around a point. */
export function paintRing(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  colour: string,
  width: number,
): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.arc(x, y, radius, 0, CIRCLE);
  context.stroke();
}

/** Draws points, with a rim that tells neighbours apart. */
function fillCircles(
  context: CanvasRenderingContext2D,
  { xs, ys, radii }: Scene,
  rows: ArrayLike<number>,
  rim: string | null,
): void {
  context.beginPath();
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    const [x, y, radius] = [xs[row] ?? 0, ys[row] ?? 0, radii[row] ?? 3];
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, CIRCLE);
  }
  context.fill();
  if (rim !== null) {
    context.strokeStyle = rim;
    context.lineWidth = 0.75;
    context.stroke();
  }
}

/** Draws points so small that none sees whether they are round, ten times as fast. */
function fillSquares(context: CanvasRenderingContext2D, { xs, ys, radii }: Scene, rows: ArrayLike<number>): void {
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    const half = 0.9 * (radii[row] ?? 2);
    context.fillRect((xs[row] ?? 0) - half, (ys[row] ?? 0) - half, 2 * half, 2 * half);
  }
}

function strokeLines(
  context: CanvasRenderingContext2D,
  colour: string,
  lines: readonly (readonly [number, number, number, number])[],
): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (const [fromX, fromY, toX, toY] of lines) {
    // Lines between pixels would be two pixels wide, and faint.
    context.moveTo(Math.round(fromX) + 0.5, Math.round(fromY) + 0.5);
    context.lineTo(Math.round(toX) + 0.5, Math.round(toY) + 0.5);
  }
  context.stroke();
}
