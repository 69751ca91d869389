import { paintLegend } from '../axes/colour-legend';
import { makeColouring } from '../axes/colouring';
import type { Selection } from '../selection';
import { ink, PAPER } from '../theme';
import { brushedBox } from './box';
import { makeTicks } from './painter';
import { makeLayout, placeX, placeY } from './places';
import { frontRows, placePoints, type Scene, sortRows } from './scene';
import { paintAll, paintEmphasis } from './stage';

const WIDTH = 860;
const HEIGHT = 380;
const LEGEND = 24;
const SCALE = 2;

/** Draws a scene as it should look on paper: on white, with the box and the meaning of colours. */
export function scatterPicture(scene: Scene, selection: Selection, colour: string, front: boolean): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: WIDTH * SCALE, height: (HEIGHT + LEGEND) * SCALE });
  const context = canvas.getContext('2d');
  if (context === null) {
    return canvas;
  }
  context.scale(SCALE, SCALE);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, WIDTH, HEIGHT + LEGEND);
  const { table, x, y } = scene;
  const ticks = makeTicks(context, [x.scale, y.scale], [WIDTH, HEIGHT], PAPER);
  const layout = makeLayout(WIDTH, HEIGHT, ticks.width);
  const [xs, ys] = placePoints(table, x.scale, y.scale, layout);
  const colouring = makeColouring(table, colour, [x.axis, y.axis], PAPER);
  const paper: Scene = { ...scene, layout, xs, ys, colouring, theme: PAPER };
  const sorted = sortRows(paper, selection);
  paintAll(context, paper, sorted, ticks, front ? frontRows(paper, sorted.coloured) : []);
  paintEmphasis(context, paper, selection);
  paintBox(context, paper);
  paintLegend(context, colouring.legend, HEIGHT + LEGEND / 2);
  return canvas;
}

function paintBox(context: CanvasRenderingContext2D, { x, y, layout }: Scene): void {
  const box = brushedBox(x, y);
  if (box !== null) {
    const [left, right] = box.x.map((place) => placeX(layout, place));
    const [bottom, top] = box.y.map((place) => placeY(layout, place));
    const [width, height] = [(right ?? 0) - (left ?? 0), (bottom ?? 0) - (top ?? 0)];
    context.fillStyle = ink(PAPER, 0.06);
    context.strokeStyle = ink(PAPER, 0.6);
    context.lineWidth = 1;
    context.fillRect(left ?? 0, top ?? 0, width, height);
    context.strokeRect(left ?? 0, top ?? 0, width, height);
  }
}
