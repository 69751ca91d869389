import { axisTicks } from '../axes/axis-scale';
import type { ScaledAxis } from '../axes/brushes';
import { brushPieces, takesMissing } from '../axes/brushes';
import { haloText } from '../canvas';
import { wrapText } from '../picture';
import type { Theme } from '../theme';
import { ink } from '../theme';
import type { Layout } from './layout';
import { isAnyMissing, placeY } from './layout';
import type { Scene } from './scene';

const TICK_SPACE = 30;
const CATEGORY_SPACE = 15;
const TICK = 4;
const FONT_SIZE = 11;
const LINE = 12;
const MOST_LINES = 3;
const BRUSH_WIDTH = 16;
const LANE_HEIGHT = 18;
const LANE_MARGIN = 12;

/** Draws axes, their labels and, where anything is missing, its lane. */
export function paintAxes(context: CanvasRenderingContext2D, { axes, layout, theme }: Scene): void {
  context.font = `${FONT_SIZE}px ${theme.font}`;
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  if (isAnyMissing(axes)) {
    paintLane(context, axes, layout, theme);
  }
  for (const [at, axis] of axes.entries()) {
    paintAxis(context, axis, layout.xs[at] ?? 0, layout, theme);
  }
}

/** Draws the brushes, for pictures; on the page they are elements. */
export function paintBrushes(context: CanvasRenderingContext2D, { axes, layout, theme }: Scene): void {
  for (const [at, scaled] of axes.entries()) {
    const pieces = brushPieces(scaled).map(({ interval }) =>
      interval.map((place) => placeY(layout, place, scaled.axis.flipped ?? false)),
    );
    const lane = [layout.lane - LANE_HEIGHT / 2, layout.lane + LANE_HEIGHT / 2];
    for (const ends of takesMissing(scaled.axis) ? [...pieces, lane] : pieces) {
      const [top, bottom] = [Math.min(...ends), Math.max(...ends)];
      context.fillStyle = ink(theme, 0.15);
      context.strokeStyle = ink(theme, 0.6);
      context.lineWidth = 1;
      context.fillRect((layout.xs[at] ?? 0) - BRUSH_WIDTH / 2, top, BRUSH_WIDTH, bottom - top);
      context.strokeRect((layout.xs[at] ?? 0) - BRUSH_WIDTH / 2, top, BRUSH_WIDTH, bottom - top);
    }
  }
}

function paintAxis(
  context: CanvasRenderingContext2D,
  { axis, scale }: ScaledAxis,
  x: number,
  layout: Layout,
  theme: Theme,
): void {
  const space = scale.kind === 'category' ? CATEGORY_SPACE : TICK_SPACE;
  const ticks = axisTicks(scale, (layout.bottom - layout.top) / space);
  const ys = ticks.map((tick) => placeY(layout, tick.place, axis.flipped ?? false));
  context.strokeStyle = ink(theme, 0.55);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, layout.top);
  context.lineTo(x, layout.bottom);
  for (const y of ys) {
    context.moveTo(x, y);
    context.lineTo(x + TICK, y);
  }
  context.stroke();
  context.fillStyle = ink(theme, 0.9);
  // As many lines as fit between a label and the next: names of categories are often long.
  const apart = scale.kind === 'number' ? 0 : Math.abs((ys[1] ?? layout.bottom) - (ys[0] ?? layout.top));
  const most = Math.min(MOST_LINES, Math.max(1, Math.floor(apart / LINE)));
  const room = Math.min(layout.gap - TICK - 4, layout.width - x - TICK - 5);
  for (const [at, { label }] of ticks.entries()) {
    const lines = wrapText(context, label, room, most);
    for (const [row, line] of lines.entries()) {
      haloText(context, line, x + TICK + 3, (ys[at] ?? 0) + (row - (lines.length - 1) / 2) * LINE, theme);
    }
  }
}

/** Draws the lane of what is missing as a band of its own, labelled, with a sign below each axis that has some. */
function paintLane(
  context: CanvasRenderingContext2D,
  axes: readonly ScaledAxis[],
  { xs, lane }: Layout,
  theme: Theme,
): void {
  const left = (xs[0] ?? 0) - LANE_MARGIN;
  const right = (xs.at(-1) ?? 0) + LANE_MARGIN;
  context.fillStyle = ink(theme, 0.06);
  context.fillRect(left, lane - LANE_HEIGHT / 2, right - left, LANE_HEIGHT);
  context.fillStyle = ink(theme, 0.75);
  context.fillText('missing', right + 4, lane);
  context.textAlign = 'center';
  for (const [at, { scale }] of axes.entries()) {
    if (scale.missing > 0) {
      haloText(context, scale.laneSign, xs[at] ?? 0, lane, theme);
    }
  }
  context.textAlign = 'left';
}
