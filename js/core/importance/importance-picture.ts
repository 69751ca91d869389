import { RUN_COLOURS } from '../colours';
import { fitText } from '../picture';
import { ink, PAPER } from '../theme';
import type { Importance, ParamImportance } from '../wire';
import { barLength, describeForest, longestBar, signed } from './words';

const WIDTH = 860;
const SCALE = 2;
const ROW = 22;
const HEAD = 44;
const NAMES = 200;
const BARS = 330;
const GAP = 60;
const DIVERGING = 190;
const MOST_ROWS = 20;
const [RISES, FALLS] = RUN_COLOURS;

/** Draws the bars as they should look on paper. */
export function importancePicture(importance: Importance): HTMLCanvasElement {
  const params = importance.params.slice(0, MOST_ROWS);
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: WIDTH * SCALE, height: (HEAD + ROW * params.length + 8) * SCALE });
  const context = canvas.getContext('2d');
  if (context === null) {
    return canvas;
  }
  context.scale(SCALE, SCALE);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, WIDTH, canvas.height);
  context.textBaseline = 'middle';
  write(context, `what is important to ${importance.metric}`, 12, 13, `600 13px ${PAPER.font}`);
  write(context, describeForest(importance), 12, 31, `11px ${PAPER.font}`);
  context.textAlign = 'right';
  write(context, 'correlation', WIDTH - 12, 31, `11px ${PAPER.font}`);
  context.textAlign = 'left';
  const longest = longestBar(params);
  for (const [at, param] of params.entries()) {
    paintRow(context, param, HEAD + ROW * (at + 0.5), longest);
  }
  return canvas;
}

function paintRow(context: CanvasRenderingContext2D, param: ParamImportance, y: number, longest: number): void {
  const { name, importance, std, correlation } = param;
  context.textAlign = 'right';
  write(context, fitText(context, name, NAMES - 24), NAMES - 10, y, `12px ${PAPER.font}`);
  context.textAlign = 'left';
  if (importance != null) {
    const end = BARS * barLength(importance, longest);
    context.fillStyle = ink(PAPER, 0.55);
    context.fillRect(NAMES, y - 6, end, 12);
    const [from, to] = [importance - (std ?? 0), importance + (std ?? 0)].map(
      (x) => NAMES + BARS * barLength(x, longest),
    );
    context.fillStyle = ink(PAPER);
    context.fillRect(from ?? 0, y - 0.5, (to ?? 0) - (from ?? 0), 1);
    write(context, Math.max(0, importance).toFixed(2), (to ?? NAMES) + 6, y, `11px ${PAPER.font}`);
  }
  if (correlation != null) {
    const middle = NAMES + BARS + GAP + DIVERGING / 2;
    const length = (DIVERGING / 2) * correlation;
    context.fillStyle = ink(PAPER, 0.25);
    context.fillRect(middle - 0.5, y - 9, 1, 18);
    context.fillStyle = correlation < 0 ? FALLS : RISES;
    context.fillRect(Math.min(middle, middle + length), y - 6, Math.abs(length), 12);
    context.textAlign = 'right';
    write(context, signed(correlation), WIDTH - 12, y, `11px ${PAPER.font}`);
    context.textAlign = 'left';
  }
}

function write(context: CanvasRenderingContext2D, text: string, x: number, y: number, font: string): void {
  context.font = font;
  context.fillStyle = ink(PAPER);
  context.fillText(text, x, y);
}
