import { make } from './elements';
import { FILTER } from './filter-box';
import { findCauses, SIGN, sayIncomparable } from './incomparable';
import { indexedPng } from './indexed-png';
import type { PictureElement, StaticElement } from './picture';
import { runName } from './runs';
import { type Arrangement, arrange } from './table/arrangement';
import { cellText } from './table/cells';
import { visibleColumns } from './table/columns';
import { deltaTo } from './table/comparison';
import { groupLabel, groupText } from './table/group-row';
import { nonePasses } from './table/no-runs';
import { titleOf } from './table/titles';
import { describeHidden } from './tidy-bar';
import type { Page } from './view';
import type { Column, RunTable, ViewState } from './wire';

const MOST_ROWS = 30;
const MOST_COLUMNS = 12;
const LONGEST_TEXT = 40;
/** Characters of all pictures together: they are drawn smaller if they are larger. */
const PICTURES = 82_000;
const WIDEST_PICTURE = 860;
const PICTURE_SIZES = [1, 0.75, 0.5, 0.35];
const MUTED = 'opacity:.65';

/**
 * What the page shows, as HTML for readers without Trackside (GitHub, nbviewer, nbconvert): the pictures of its drawn
 * views and a plain table. No script, no style sheet, no address to load from; text is escaped by the DOM.
 */
export async function snapshotHtml(element: HTMLElement, page: Page): Promise<string> {
  const views = [...element.querySelectorAll<PictureElement>('[data-trackside-picture]')];
  const table = staticTable(page);
  const pictures = (await Promise.all(views.map((view) => pictureOf(view, PICTURES / views.length)))).filter(
    (picture) => picture !== null,
  );
  const texts = [...element.querySelectorAll<StaticElement>('[data-trackside-static]')]
    .map((view) => view.tracksideStatic())
    .filter((text) => text !== null);
  const root = make('div', { class: 'trackside-static', style: 'font-size:13px' }, ...pictures, ...table, ...texts);
  return root.outerHTML;
}

async function pictureOf(view: PictureElement, most: number): Promise<HTMLElement | null> {
  const canvas = view.tracksidePicture();
  if (canvas === null) {
    return null;
  }
  const alt = view.dataset['tracksidePicture'] ?? 'picture';
  // Readers that take styles away keep the width.
  const width = String(Math.min(canvas.width, WIDEST_PICTURE));
  return make('div', {}, make('img', { alt, width, style: 'max-width:100%', src: await smallPng(canvas, most) }));
}

/** The canvas as a PNG, as large as the bound lets it be: a notebook is saved often and kept in git. */
async function smallPng(canvas: HTMLCanvasElement, most: number): Promise<string> {
  let png = '';
  for (const size of PICTURE_SIZES) {
    png = await scaledPng(canvas, size);
    if (png.length <= most) {
      break;
    }
  }
  return png;
}

async function scaledPng(canvas: HTMLCanvasElement, size: number): Promise<string> {
  const copy = document.createElement('canvas');
  copy.width = Math.round(canvas.width * size);
  copy.height = Math.round(canvas.height * size);
  const context = copy.getContext('2d');
  if (context === null || copy.width === 0 || copy.height === 0) {
    return canvas.toDataURL('image/png');
  }
  context.imageSmoothingQuality = 'high';
  context.drawImage(canvas, 0, 0, copy.width, copy.height);
  return indexedPng(context.getImageData(0, 0, copy.width, copy.height));
}

function staticTable(page: Page): HTMLElement[] {
  const { selection } = page;
  const [table, state] = [page.table.value, page.state.value];
  const words = describeHidden(table, false);
  const hidden = words === '' ? [] : [make('p', { style: MUTED }, words)];
  if (table.run_ids.length === 0) {
    const why = nonePasses(table) ?? (words === '' ? 'No runs yet.' : 'All runs are hidden.');
    return [make('p', {}, why), ...hidden];
  }
  const passing = table.run_ids.filter((run) => selection.passes(run));
  if (passing.length === 0) {
    return [make('p', {}, 'No run passes the filter.'), ...hidden];
  }
  const chosen = visibleColumns(table, state, selection.filters.value.get(FILTER));
  const names = table.columns.filter((column) => column.key === 'run:name');
  const arrangement = arrange(table, passing, state, { pinned: null, counts: () => true });
  if (arrangement.column !== null) {
    return [...incomparableLine(page), groupTable(arrangement, chosen.slice(0, MOST_COLUMNS), state), ...hidden];
  }
  const causes = findCauses(page);
  const isOfBaseline = page.comparability.value?.reference === table.baseline;
  const columns = [...names, ...chosen].slice(0, MOST_COLUMNS);
  const rows = arrangement.runs.slice(0, MOST_ROWS);
  const away = table.run_ids.length - passing.length;
  const left = table.total - away - rows.length;
  const drawn = make(
    'table',
    { style: 'white-space:nowrap', cellpadding: '4' },
    make('thead', {}, make('tr', {}, ...columns.map((column) => make('th', sideOf(column), cut(titleOf(column)))))),
    make(
      'tbody',
      {},
      ...rows.map((run) => staticRow(table, columns, run, state, { cause: causes.get(run), isOfBaseline })),
    ),
  );
  const more = left > 0 ? [make('p', {}, `… and ${left} more run${left === 1 ? '' : 's'}.`)] : [];
  const filtered = away > 0 ? [make('p', { style: MUTED }, `${away} run${away === 1 ? '' : 's'} filtered out`)] : [];
  return [...incomparableLine(page), drawn, ...more, ...filtered, ...hidden];
}

/** Which runs are not comparable, and why. */
function incomparableLine(page: Page): HTMLElement[] {
  const words = sayIncomparable(page);
  return words === '' ? [] : [make('p', {}, make('b', {}, words))];
}

/** A row for each group: what its runs share, how many there are, mean ± std. */
function groupTable({ column, groups }: Arrangement, columns: readonly Column[], state: ViewState): HTMLElement {
  const others = columns.filter((other) => other !== column);
  const head = [column ? titleOf(column) : '', 'runs'].map((word) => make('th', { align: 'left' }, cut(word)));
  const rows = [...groups.values()]
    .slice(0, MOST_ROWS)
    .map((group) =>
      make(
        'tr',
        {},
        make('td', {}, cut(groupLabel(column, group))),
        make('td', {}, String(group.runs.length)),
        ...others.map((other) => make('td', sideOf(other), cut(groupText(other, group, state.formats?.[other.key])))),
      ),
    );
  return make(
    'table',
    { style: 'white-space:nowrap', cellpadding: '4' },
    make(
      'thead',
      {},
      make('tr', {}, ...head, ...others.map((other) => make('th', sideOf(other), cut(titleOf(other))))),
    ),
    make('tbody', {}, ...rows),
  );
}

/** Why a run is not comparable, if it is not, and whether that is so with the baseline. */
interface Apart {
  readonly cause: string | undefined;
  readonly isOfBaseline: boolean;
}

function staticRow(
  table: RunTable,
  columns: readonly Column[],
  run: string,
  state: ViewState,
  { cause, isOfBaseline }: Apart,
): HTMLElement {
  const row = table.run_ids.indexOf(run);
  const cells = columns.map((column) =>
    make(
      'td',
      sideOf(column),
      ...(column.key === 'run:name'
        ? nameParts(table, row, cause)
        : [
            cut(cellText(column, row, state.formats?.[column.key])),
            ...deltaPart(table, column, row, isOfBaseline ? cause : undefined),
          ]),
    ),
  );
  return make('tr', { style: table.shown_anyway?.includes(run) ? MUTED : false }, ...cells);
}

/** How a metric stands to the baseline's, where that can be said. */
function deltaPart(table: RunTable, column: Column, row: number, cause: string | undefined): (HTMLElement | string)[] {
  const against = table.run_ids.indexOf(table.baseline ?? '');
  const isCompared = against >= 0 && row !== against && column.group === 'metric' && column.kind === 'number';
  const delta = isCompared ? deltaTo(column, column.values[row], against, false) : null;
  if (delta === null) {
    return [];
  }
  const apart = [`${SIGN} `, make('s', {}, delta.text)];
  return [' ', cause === undefined ? make('small', {}, delta.text) : make('small', { style: MUTED }, ...apart)];
}

/** A run's name with its star, how many runs came out like it, and whether it is the baseline. */
function nameParts(table: RunTable, row: number, cause: string | undefined): (HTMLElement | string)[] {
  const run = table.run_ids[row] ?? '';
  const repeats = table.repeats?.[row] ?? 1;
  const notes = [...(repeats > 1 ? [`×${repeats}`] : []), ...(run === table.baseline ? ['baseline'] : [])];
  const star = table.starred?.includes(run) ? '★ ' : '';
  const apart = cause === undefined ? [] : [' ', make('span', { title: cause }, SIGN)];
  return [
    star + cut(runName(run, table)),
    ...apart,
    ...notes.map((note) => make('span', { style: MUTED }, ` ${note}`)),
  ];
}

/** Said with an attribute: a style would be most of what a cell weighs. */
function sideOf(column: Column): { align: string } {
  return { align: column.kind === 'number' ? 'right' : 'left' };
}

function cut(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;
}
