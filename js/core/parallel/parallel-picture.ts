import { paintLegend } from '../axes/colour-legend';
import { makeColouring } from '../axes/colouring';
import { runColour } from '../colours';
import { drawOnPaper, PAPER_SCALE } from '../paper';
import { fitText } from '../picture';
import { runName } from '../runs';
import type { Selection } from '../selection';
import { ink, PAPER } from '../theme';
import { paintAxes, paintBrushes } from './axes-painter';
import { axisName } from './axis-handle';
import { isAnyMissing, makeLayout, placeNames, rowYs } from './layout';
import type { Polylines } from './polylines';
import { strokePolylines } from './polylines';
import type { Scene } from './scene';
import { colouredLines, passingRuns, SHADOW, shadows, sortRows } from './scene';

const WIDTH = 860;
const HEIGHT = 320;
const LEGEND = 24;
const NAME_ROW = 16;
const COLUMNS = 4;
const MOST_NAMES = 24;

/** Draws a scene as it should look on paper: on white, with the axes' names, the meaning of colours and, where it fits, of lines. */
export function parallelPicture(scene: Scene, selection: Selection, colour: string): HTMLCanvasElement {
  const paper = onPaper(scene, colour);
  const runs = paper.colouring.legend.kind === 'run' ? colouredRuns(paper, selection) : [];
  const height = HEIGHT + LEGEND + NAME_ROW * Math.ceil(runs.length / COLUMNS);
  return drawOnPaper(paper.layout.width, height, (context) => {
    paint(context, paper, selection);
    paintLegend(context, paper.colouring.legend, HEIGHT + LEGEND / 2);
    paintNames(context, paper, runs);
  });
}

function onPaper(scene: Scene, colour: string): Scene {
  const layout = makeLayout(scene.axes.length, WIDTH, HEIGHT, isAnyMissing(scene.axes));
  const axes = scene.axes.map(({ axis }) => axis);
  return {
    ...scene,
    layout,
    ratio: PAPER_SCALE,
    theme: PAPER,
    ys: rowYs(layout, scene.axes),
    colouring: makeColouring(scene.table, colour, axes, PAPER),
  };
}

function colouredRuns(scene: Scene, selection: Selection): string[] {
  const rows = sortRows(scene, passingRuns(scene.table, scene.axes), selection).coloured;
  return rows.length > MOST_NAMES ? [] : [...rows].map((row) => scene.table.run_ids[row] ?? '');
}

function paint(context: CanvasRenderingContext2D, scene: Scene, selection: Selection): void {
  const sorted = sortRows(scene, passingRuns(scene.table, scene.axes), selection);
  const shadow = document.createElement('canvas');
  Object.assign(shadow, { width: scene.layout.width * PAPER_SCALE, height: HEIGHT * PAPER_SCALE });
  stroke(shadow.getContext('2d'), shadows(scene, sorted), PAPER_SCALE);
  context.globalAlpha = SHADOW;
  context.drawImage(shadow, 0, 0, scene.layout.width, HEIGHT);
  stroke(context, [colouredLines(scene, sorted.coloured)], 1);
  context.globalAlpha = 1;
  paintAxes(context, scene);
  paintBrushes(context, scene);
  paintAxisNames(context, scene);
}

/** Draws all at once: nobody waits for a picture with the pointer down. */
function stroke(context: CanvasRenderingContext2D | null, groups: readonly Polylines[], scale: number): void {
  if (context !== null) {
    context.scale(scale, scale);
    for (const lines of groups) {
      Array.from(strokePolylines(context, lines));
    }
  }
}

function paintAxisNames(context: CanvasRenderingContext2D, { axes, layout }: Scene): void {
  context.fillStyle = ink(PAPER);
  context.font = `600 11px ${PAPER.font}`;
  const names = axes.map(axisName);
  const places = placeNames(
    layout,
    names.map((name) => context.measureText(name).width + 4),
  );
  for (const [at, name] of names.entries()) {
    const { left, top, width } = places[at] ?? { left: 0, top: 0, width: 0 };
    context.fillText(fitText(context, name, width), left + 2, top + 12);
  }
}

function paintNames(context: CanvasRenderingContext2D, { table }: Scene, runs: readonly string[]): void {
  const width = (WIDTH - 24) / COLUMNS;
  for (const [at, run] of runs.entries()) {
    const x = 12 + (at % COLUMNS) * width;
    const y = HEIGHT + LEGEND / 2 + Math.floor(at / COLUMNS) * NAME_ROW;
    context.fillStyle = runColour(run, table);
    context.fillRect(x, y - 1, 16, 2.5);
    context.fillStyle = ink(PAPER, 0.85);
    context.fillText(fitText(context, runName(run, table), width - 30), x + 22, y);
  }
}
