import { drawOnPaper, PAPER_SCALE } from '../paper';
import { fitText } from '../picture';
import { ink, PAPER } from '../theme';
import { xTitle } from './axes';
import { HistoryChart } from './chart';
import type { Look } from './groups';
import type { DrawnMetric } from './history-data';
import type { Scene } from './scene';

const WIDTH = 860;
const CHART_HEIGHT = 340;
const SMALL_HEIGHT = 200;
const GAP = 16;
const TITLE_HEIGHT = 26;
const ROW_HEIGHT = 16;
const COLUMNS = 4;
const MOST_NAMES = 40;
const MOST_CHARTS = 6;

/** Draws charts as they should look on paper: white, each with its metric as title, and the lines' names below. */
export function historyPicture(drawn: readonly DrawnMetric[], look: (id: string) => Look): HTMLCanvasElement {
  const charts = drawn.slice(0, MOST_CHARTS);
  const names = [...new Set(charts.flatMap(({ scene }) => scene.lines.map(({ id }) => id)))];
  const across = Math.min(2, charts.length);
  const width = (WIDTH - GAP * (across - 1)) / across;
  const height = across === 1 ? CHART_HEIGHT : SMALL_HEIGHT;
  const step = TITLE_HEIGHT + height + 1.5 * ROW_HEIGHT;
  const bottom = step * Math.ceil(charts.length / across);
  const rows = Math.ceil(Math.min(names.length, MOST_NAMES + 1) / COLUMNS);
  return drawOnPaper(WIDTH, bottom + ROW_HEIGHT * (rows + 0.5), (context) => {
    for (const [at, { metric, scene }] of charts.entries()) {
      const left = (at % across) * (width + GAP);
      const top = step * Math.floor(at / across);
      drawTitles(context, metric, xTitle(scene.axes.x), { left, top, width, height });
      drawChart(context, scene, { left, top: top + TITLE_HEIGHT, width, height });
    }
    drawNames(context, names, look, bottom + ROW_HEIGHT / 2);
  });
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function drawTitles(context: CanvasRenderingContext2D, metric: string, x: string, area: Area): void {
  context.fillStyle = ink(PAPER);
  context.textBaseline = 'middle';
  context.font = `600 14px ${PAPER.font}`;
  context.fillText(fitText(context, metric, area.width - 20), area.left + 10, area.top + TITLE_HEIGHT / 2 + 2);
  context.font = `11px ${PAPER.font}`;
  context.textAlign = 'right';
  context.fillStyle = ink(PAPER, 0.75);
  context.fillText(x, area.left + area.width - 10, area.top + TITLE_HEIGHT + area.height + ROW_HEIGHT / 2);
  context.textAlign = 'left';
}

function drawChart(context: CanvasRenderingContext2D, scene: Scene, { left, top, width, height }: Area): void {
  const zoom = PAPER_SCALE / devicePixelRatio;
  const chart = new HistoryChart({ zoom: () => undefined, reset: () => undefined, point: () => undefined }, zoom);
  chart.show({ ...scene, theme: PAPER }, { width: width * zoom, height: height * zoom });
  chart.copyTo(context, left, top);
  chart.dispose();
}

function drawNames(
  context: CanvasRenderingContext2D,
  ids: readonly string[],
  look: (id: string) => Look,
  top: number,
): void {
  const width = (WIDTH - 20) / COLUMNS;
  context.font = `11px ${PAPER.font}`;
  for (const [at, id] of ids.slice(0, MOST_NAMES).entries()) {
    const { name, colour, dash } = look(id);
    const left = 10 + (at % COLUMNS) * width;
    const y = top + Math.floor(at / COLUMNS) * ROW_HEIGHT;
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.setLineDash(dash.map((length) => length * 1.5));
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(left + 20, y);
    context.stroke();
    context.fillStyle = ink(PAPER, 0.85);
    context.fillText(fitText(context, name, width - 34), left + 26, y + 0.5);
  }
  if (ids.length > MOST_NAMES) {
    const at = MOST_NAMES;
    const y = top + Math.floor(at / COLUMNS) * ROW_HEIGHT;
    context.fillText(`and ${ids.length - MOST_NAMES} more`, 10 + (at % COLUMNS) * width, y);
  }
}
