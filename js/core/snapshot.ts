import { make } from './elements';
import { FILTER } from './filter-box';
import type { PictureElement } from './picture';
import { runName } from './runs';
import { cellText } from './table/cells';
import { visibleColumns } from './table/columns';
import { sortRuns } from './table/sorting';
import { describeHidden } from './tidy-bar';
import type { Page } from './view';
import type { Column, RunTable } from './wire';

const MOST_ROWS = 50;
const MOST_COLUMNS = 16;
const LARGEST_PICTURE = 300_000;
const WIDEST_PICTURE = 860;
const MUTED = 'opacity:.65';
const CELL_STYLE = 'padding:2px 12px 2px 0;white-space:nowrap;max-width:22em;overflow:hidden;text-overflow:ellipsis';

/**
 * What the page shows, as HTML for readers without Trackside (GitHub, nbviewer, nbconvert): the pictures of its drawn
 * views and a plain table. No script, no style sheet, no address to load from; text is escaped by the DOM.
 */
export function snapshotHtml(element: HTMLElement, page: Page): string {
  const pictures = [...element.querySelectorAll<PictureElement>('[data-trackside-picture]')];
  const root = make('div', { class: 'trackside-static', style: 'font-size:13px' }, ...pictures.map(pictureOf));
  root.append(...staticTable(page));
  return root.outerHTML;
}

function pictureOf(view: PictureElement): HTMLElement {
  const canvas = view.tracksidePicture();
  const alt = view.dataset['tracksidePicture'] ?? 'picture';
  // Readers that take styles away keep the width.
  const width = String(Math.min(canvas.width, WIDEST_PICTURE));
  return make('div', {}, make('img', { alt, width, style: 'max-width:100%', src: smallPng(canvas) }));
}

/** The canvas as a PNG, at half its size where it would be large: a notebook is saved often and kept in git. */
function smallPng(canvas: HTMLCanvasElement): string {
  const png = canvas.toDataURL('image/png');
  const context = document.createElement('canvas').getContext('2d');
  if (png.length <= LARGEST_PICTURE || context === null) {
    return png;
  }
  context.canvas.width = canvas.width / 2;
  context.canvas.height = canvas.height / 2;
  context.imageSmoothingQuality = 'high';
  context.drawImage(canvas, 0, 0, context.canvas.width, context.canvas.height);
  return context.canvas.toDataURL('image/png');
}

function staticTable({ table: { value: table }, state: { value: state }, selection }: Page): HTMLElement[] {
  const words = describeHidden(table, false);
  const hidden = words === '' ? [] : [make('p', { style: MUTED }, words)];
  if (table.run_ids.length === 0) {
    return [make('p', {}, words === '' ? 'No runs yet.' : 'All runs are hidden.'), ...hidden];
  }
  const passing = table.run_ids.filter((run) => selection.passes(run));
  const chosen = visibleColumns(table, state, selection.filters.value.get(FILTER));
  const names = table.columns.filter((column) => column.key === 'run:name');
  const columns = [...names, ...chosen].slice(0, MOST_COLUMNS);
  const rows = sortRuns(table, passing, state.sort ?? null).slice(0, MOST_ROWS);
  const left = table.total - rows.length;
  const drawn = make(
    'table',
    {},
    make('thead', {}, make('tr', {}, ...columns.map((column) => make('th', styleOf(column), column.name)))),
    make('tbody', {}, ...rows.map((run) => staticRow(table, columns, run))),
  );
  const more = left > 0 ? [make('p', {}, `… and ${left} more run${left === 1 ? '' : 's'}.`)] : [];
  return [drawn, ...more, ...hidden];
}

function staticRow(table: RunTable, columns: readonly Column[], run: string): HTMLElement {
  const row = table.run_ids.indexOf(run);
  const cells = columns.map((column) =>
    make('td', styleOf(column), ...(column.key === 'run:name' ? nameParts(table, row) : [cellText(column, row)])),
  );
  return make('tr', { style: table.shown_anyway?.includes(run) ? MUTED : false }, ...cells);
}

/** A run's name with its star, how many runs came out like it, and whether it is the baseline. */
function nameParts(table: RunTable, row: number): (HTMLElement | string)[] {
  const run = table.run_ids[row] ?? '';
  const repeats = table.repeats?.[row] ?? 1;
  const notes = [...(repeats > 1 ? [`×${repeats}`] : []), ...(run === table.baseline ? ['baseline'] : [])];
  const star = table.starred?.includes(run) ? '★ ' : '';
  return [star + runName(run, table), ...notes.map((note) => make('span', { style: MUTED }, ` ${note}`))];
}

function styleOf(column: Column): { style: string } {
  return { style: `${CELL_STYLE};text-align:${column.kind === 'number' ? 'right' : 'left'}` };
}
