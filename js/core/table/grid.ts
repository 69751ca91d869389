import { make } from '../elements';
import { findCauses } from '../incomparable';
import { runRows } from '../runs';
import type { Page } from '../view';
import type { Column } from '../wire';
import type { Arrangement } from './arrangement';
import { type ColumnWindow, columnWindow } from './column-window';
import { NAME_KEY } from './columns';
import { keepFocus } from './focus';
import { headerRow } from './header';
import { noRunsMessage } from './no-runs';
import { Best } from './row-context';
import { RowDrawer } from './rows';
import { isSpark, type Sparklines, sparkMetric } from './sparklines';
import { columnWidths, type Widths } from './widths';
import { ROW_HEIGHT, type RowWindow, windowOf } from './windowing';

const ROWS_AT_ONCE = 14;
const GUESSED_FIGURE = 7;
const SETTLE_MS = 150;

/** What a grid draws. */
export interface Drawing {
  readonly columns: readonly Column[];
  readonly arrangement: Arrangement;
  /** The run that stands above the others. */
  readonly pinned: string | null;
  /** The rows of the runs among which one is the best. */
  readonly rivals: readonly number[];
}

/** Rows and columns of which only those in sight are in the page, with head and baseline that stay in sight. */
export class Grid {
  /** A notebook's own single keys, such as `d d`, must not act on its cells while a row has the focus. */
  readonly scroller = make('div', { class: 'trackside-scroller', 'data-lm-suppress-shortcuts': 'true' });
  readonly element = make('table', {
    class: 'trackside-grid',
    'aria-multiselectable': 'true',
    'aria-label': 'Runs',
  });
  readonly #page: Page;
  readonly #sparks: Sparklines;
  readonly #columnGroup = make('colgroup');
  readonly #head = make('thead');
  readonly #baseline = make('tbody', { class: 'trackside-baseline' });
  readonly #body = make('tbody');
  readonly #above = make('tr', { class: 'trackside-spacer', 'aria-hidden': 'true' });
  readonly #below = make('tr', { class: 'trackside-spacer', 'aria-hidden': 'true' });
  #drawing: Drawing;
  #best: Best;
  #widths: Widths = { name: 0, others: [], sum: 0 };
  #window: ColumnWindow | null = null;
  #seen: RowWindow | null = null;
  /** Once scrolling rests, the rows beyond those in sight are drawn that a leap left out. */
  #settling: ReturnType<typeof setTimeout> | undefined;
  /** The row that was in focus last. */
  #current: string | null = null;
  #rows: RowDrawer | undefined;
  #pinnedRows: RowDrawer | undefined;

  constructor(page: Page, sparks: Sparklines, drawing: Drawing) {
    this.#page = page;
    this.#sparks = sparks;
    this.#drawing = drawing;
    this.#best = new Best([], drawing.arrangement);
    this.element.append(this.#columnGroup, this.#head, this.#baseline, this.#body);
    this.scroller.append(this.element);
    this.scroller.style.setProperty('--ts-rows', `${ROW_HEIGHT * (ROWS_AT_ONCE + 1.5)}px`);
  }

  draw(drawing: Drawing): void {
    keepFocus(this.element, () => {
      this.#drawing = drawing;
      this.#best = new Best(drawing.rivals, drawing.arrangement);
      this.#layOut();
      this.#window = null;
      this.#showColumns();
      this.#drawRows();
    });
  }

  /** Draws what came into sight. */
  scroll(): void {
    const before = this.#window;
    keepFocus(this.#head, () => this.#showColumns());
    if (before === this.#window) {
      this.#drawRows();
    } else {
      keepFocus(this.#body, () => this.#drawRows());
    }
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#drawRows(), SETTLE_MS);
  }

  dispose(): void {
    clearTimeout(this.#settling);
  }

  /** Tells what of the whole a cell shows, once the pointer is on it. */
  describe(cell: HTMLTableCellElement): void {
    if (!cell.title) {
      cell.title = this.#rows?.describe(cell) ?? '';
    }
  }

  /** The row `element` stands in can be reached with Tab from now on. */
  reach(element: EventTarget | null): void {
    const row = element instanceof Element ? element.closest<HTMLElement>('tr[data-row]') : null;
    this.#current = row?.dataset['row'] ?? this.#current;
    this.#letOneBeReached();
  }

  /** Shows what is ticked now. */
  showTicks(): void {
    this.showMarks();
    keepFocus(this.#head, () => this.#drawHeaderRow());
  }

  /** Shows what is hovered now. */
  showMarks(): void {
    this.#rows?.showMarks();
    this.#pinnedRows?.showMarks();
  }

  /** Draws the lines that came, or says why there are none. */
  showLines(problem: string | null): void {
    this.#rows?.showSparklines();
    this.#pinnedRows?.showSparklines();
    const head = this.#head.querySelector<HTMLElement>('.trackside-spark-head');
    if (head && problem !== null) {
      head.title = problem;
    }
  }

  /** One row and its buttons can be reached with Tab; from there the arrow keys walk. */
  #letOneBeReached(): void {
    const rows = [...this.element.querySelectorAll<HTMLElement>('tr[data-row]')];
    const reached = rows.find((row) => row.dataset['row'] === this.#current) ?? rows[0];
    for (const row of rows) {
      const index = row === reached ? 0 : -1;
      if (row.tabIndex !== index) {
        for (const element of [row, ...row.querySelectorAll<HTMLElement>('input, button')]) {
          element.tabIndex = index;
        }
      }
    }
  }

  /** Gives the columns their widths, and tells who cannot see them all how many rows and columns there are. */
  #layOut(): void {
    const { state, table } = this.#page;
    const { ids, column } = this.#drawing.arrangement;
    this.#widths = columnWidths(table.value, this.#drawing.columns, {
      figure: figureWidth(this.scroller),
      baselineRow: this.#baselineRow(),
      isGrouped: column !== null,
      formats: state.value.formats ?? {},
      chosen: state.value.widths ?? {},
      room: this.scroller.clientWidth,
    });
    const { name, others, sum } = this.#widths;
    // The last one takes what the others leave.
    const makeColumn = (key: string, width: number): HTMLElement =>
      make('col', { 'data-key': key, style: `width:${width}px` });
    const columns = this.#drawing.columns.map(({ key }, at) => makeColumn(key, others[at] ?? 0));
    this.#columnGroup.replaceChildren(makeColumn(NAME_KEY, name), ...columns, make('col'));
    this.element.style.width = `${sum}px`;
    this.element.setAttribute('role', column === null ? 'grid' : 'treegrid');
    this.element.setAttribute('aria-colcount', String(others.length + 1));
    this.element.setAttribute('aria-rowcount', String(ids.length + 1 + Number(this.#drawing.pinned !== null)));
  }

  /** Draws head and baseline for the columns in sight; rows made for others are made anew when they are drawn. */
  #showColumns(): void {
    const width = this.scroller.clientWidth - this.#widths.name;
    const window = columnWindow(this.#widths.others, this.scroller.scrollLeft, width, this.#window);
    if (window === this.#window) {
      return;
    }
    this.#window = window;
    this.#rows = this.#newDrawer(window);
    this.#pinnedRows = this.#newDrawer(window);
    this.#drawHeaderRow();
    const { pinned } = this.#drawing;
    this.#baseline.replaceChildren(...this.#pinnedRows.rows(pinned === null ? [] : [pinned], -1));
  }

  #newDrawer(window: ColumnWindow): RowDrawer {
    const { marks, selection, state, table } = this.#page;
    const { columns, arrangement } = this.#drawing;
    const context = {
      table: table.value,
      columns,
      window,
      arrangement,
      selection,
      isMarkable: marks.possible,
      baselineRow: this.#baselineRow(),
      best: this.#best,
      sparks: this.#sparks,
      formats: state.value.formats ?? {},
      percent: state.value.percent ?? false,
      causes: findCauses(this.#page),
      unseen: new Set(state.value.unseen),
    };
    return new RowDrawer(context, state.value.open_groups);
  }

  #baselineRow(): number | null {
    return runRows(this.#page.table.value).get(this.#drawing.pinned ?? '') ?? null;
  }

  #drawHeaderRow(): void {
    const window = this.#window ?? { first: 0, end: this.#drawing.columns.length };
    this.#head.replaceChildren(headerRow(this.#page, this.#drawing.columns, window, this.#drawing.arrangement.runs));
  }

  #drawRows(): void {
    const { ids } = this.#drawing.arrangement;
    const seen = windowOf(this.scroller.scrollTop, this.scroller.clientHeight, ids.length, this.#seen);
    this.#seen = seen;
    this.#above.style.height = `${seen.first * ROW_HEIGHT}px`;
    this.#below.style.height = `${(ids.length - seen.end) * ROW_HEIGHT}px`;
    const rows = this.#rows?.rows(ids.slice(seen.first, seen.end), seen.first) ?? [];
    replaceRows(this.#body, [this.#above, ...(ids.length === 0 ? [this.#emptyRow()] : rows), this.#below]);
    this.#letOneBeReached();
    this.#wantLines(ids.slice(seen.first, seen.end));
  }

  /** Asks how the main metric went in the rows in sight, if its column is. */
  #wantLines(ids: readonly string[]): void {
    const { table } = this.#page;
    const metric = sparkMetric(table.value);
    const { first, end } = this.#window ?? { first: 0, end: 0 };
    if (metric !== null && this.#drawing.columns.slice(first, end).some(isSpark)) {
      const pinned = this.#drawing.pinned;
      const runs = ids.filter((id) => runRows(table.value).has(id));
      this.#sparks.want(pinned === null ? runs : [pinned, ...runs], metric);
    }
  }

  #emptyRow(): HTMLElement {
    const message =
      this.#page.table.value.run_ids.length === 0
        ? noRunsMessage(this.#page)
        : make('span', {}, `No ${this.#drawing.pinned === null ? '' : 'other '}run passes the filters.`);
    const attributes = { colspan: String(this.#drawing.columns.length + 2), class: 'trackside-none' };
    return make('tr', {}, make('td', attributes, message));
  }
}

/** How wide a figure is in `element`, in CSS pixels; a guess where nothing is laid out. */
function figureWidth(element: HTMLElement): number {
  const probe = make('span', { class: 'trackside-probe', 'aria-hidden': 'true' }, '0000000000');
  element.append(probe);
  const width = probe.getBoundingClientRect().width / 10;
  probe.remove();
  return width || GUESSED_FIGURE;
}

/** Makes `rows` the children of `body`. Rows that stay are not touched: they keep their layout, and the focus. */
function replaceRows(body: HTMLElement, rows: readonly HTMLElement[]): void {
  const staying = new Set<Element>(rows);
  for (const row of [...body.children]) {
    if (!staying.has(row)) {
      row.remove();
    }
  }
  let next = body.firstElementChild;
  for (const row of rows) {
    if (row === next) {
      next = next.nextElementSibling;
    } else {
      body.insertBefore(row, next);
    }
  }
}
