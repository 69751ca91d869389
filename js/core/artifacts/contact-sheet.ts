import { fitText } from '../picture';
import { ink, PAPER } from '../theme';

const WIDTH = 860;
const HEAD = 24;
const GAP = 8;
const MOST_ROWS = 4;
const MOST_COLUMNS = 4;

/** The pictures of one name, a place for each run. */
export interface SheetRow {
  readonly name: string;
  readonly pictures: readonly (HTMLImageElement | HTMLCanvasElement | null)[];
}

/** Draws the pictures that are loaded as they should look on paper; null where none is. */
export function contactSheet(rows: readonly SheetRow[], runs: readonly string[]): HTMLCanvasElement | null {
  const shown = rows.filter(({ pictures }) => pictures.some((picture) => picture !== null)).slice(0, MOST_ROWS);
  if (shown.length === 0) {
    return null;
  }
  const columns = Math.min(MOST_COLUMNS, runs.length);
  const width = Math.min(320, (WIDTH - GAP * (columns - 1)) / columns);
  const heights = shown.map(({ pictures }) =>
    Math.max(...pictures.slice(0, columns).map((picture) => (picture ? heightOf(picture, width) : 0))),
  );
  const canvas = document.createElement('canvas');
  const height = heights.reduce((sum, each) => sum + each + HEAD + GAP, HEAD);
  Object.assign(canvas, { width: Math.round(columns * (width + GAP) - GAP), height: Math.round(height) });
  const context = canvas.getContext('2d');
  if (context === null) {
    return canvas;
  }
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = ink(PAPER);
  context.textBaseline = 'middle';
  context.font = `600 12px ${PAPER.font}`;
  for (const [at, run] of runs.slice(0, columns).entries()) {
    context.fillText(fitText(context, run, width), at * (width + GAP), HEAD / 2);
  }
  let top = HEAD;
  for (const [row, { name, pictures }] of shown.entries()) {
    context.font = `11px ${PAPER.font}`;
    context.fillText(fitText(context, name, canvas.width), 0, top + HEAD / 2);
    for (const [at, picture] of pictures.slice(0, columns).entries()) {
      if (picture !== null) {
        context.drawImage(picture, at * (width + GAP), top + HEAD, width, heightOf(picture, width));
      }
    }
    top += HEAD + (heights[row] ?? 0) + GAP;
  }
  return canvas;
}

function heightOf(picture: HTMLImageElement | HTMLCanvasElement, width: number): number {
  const [own, high] =
    picture instanceof HTMLCanvasElement
      ? [picture.width, picture.height]
      : [picture.naturalWidth, picture.naturalHeight];
  return Math.min(2 * width, (width * high) / Math.max(1, own));
}
