import { runColour, runDash } from '../colours';
import { fitText } from '../picture';
import { runName } from '../runs';
import { ink, PAPER } from '../theme';
import type { RunTable } from '../wire';
import { X_TITLES } from './axes';
import type { Scene } from './chart';
import { HistoryChart } from './chart';

const WIDTH = 860;
const CHART_HEIGHT = 340;
const SCALE = 2;
const TITLE_HEIGHT = 26;
const ROW_HEIGHT = 16;
const COLUMNS = 4;
const MOST_NAMES = 40;

/** Draws a scene as it should look on paper: white, with the metric as title and the runs' names below. */
export function historyPicture(scene: Scene, table: RunTable, metric: string): HTMLCanvasElement {
  const runs = scene.lines.map((line) => line.run);
  const rows = Math.ceil(Math.min(runs.length, MOST_NAMES + 1) / COLUMNS);
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH * SCALE;
  canvas.height = (TITLE_HEIGHT + CHART_HEIGHT + ROW_HEIGHT * (rows + 2)) * SCALE;
  const context = canvas.getContext('2d');
  if (context === null) {
    return canvas;
  }
  context.scale(SCALE, SCALE);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  drawTitle(context, metric, X_TITLES[scene.axes.x]);
  drawChart(context, scene);
  drawNames(context, runs, table, TITLE_HEIGHT + CHART_HEIGHT + 1.5 * ROW_HEIGHT);
  return canvas;
}

function drawTitle(context: CanvasRenderingContext2D, metric: string, xTitle: string): void {
  context.fillStyle = ink(PAPER);
  context.textBaseline = 'middle';
  context.font = `600 14px ${PAPER.font}`;
  context.fillText(fitText(context, metric, WIDTH - 20), 10, TITLE_HEIGHT / 2 + 2);
  context.font = `11px ${PAPER.font}`;
  context.textAlign = 'right';
  context.fillStyle = ink(PAPER, 0.75);
  context.fillText(xTitle, WIDTH - 10, TITLE_HEIGHT + CHART_HEIGHT + ROW_HEIGHT / 2);
  context.textAlign = 'left';
}

function drawChart(context: CanvasRenderingContext2D, scene: Scene): void {
  const zoom = SCALE / devicePixelRatio;
  const chart = new HistoryChart({ zoom: () => undefined, reset: () => undefined, point: () => undefined }, zoom);
  chart.show({ ...scene, theme: PAPER }, { width: WIDTH * zoom, height: CHART_HEIGHT * zoom });
  chart.copyTo(context, 0, TITLE_HEIGHT);
  chart.dispose();
}

function drawNames(context: CanvasRenderingContext2D, runs: readonly string[], table: RunTable, top: number): void {
  const width = (WIDTH - 20) / COLUMNS;
  context.font = `11px ${PAPER.font}`;
  for (const [at, run] of runs.slice(0, MOST_NAMES).entries()) {
    const left = 10 + (at % COLUMNS) * width;
    const y = top + Math.floor(at / COLUMNS) * ROW_HEIGHT;
    context.strokeStyle = runColour(run, table);
    context.lineWidth = 2;
    context.setLineDash(runDash(run, table).map((length) => length * 1.5));
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(left + 20, y);
    context.stroke();
    context.fillStyle = ink(PAPER, 0.85);
    context.fillText(fitText(context, runName(run, table), width - 34), left + 26, y + 0.5);
  }
  if (runs.length > MOST_NAMES) {
    const at = MOST_NAMES;
    const y = top + Math.floor(at / COLUMNS) * ROW_HEIGHT;
    context.fillText(`and ${runs.length - MOST_NAMES} more`, 10 + (at % COLUMNS) * width, y);
  }
}
