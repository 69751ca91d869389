import '../controls.css';
import './table.css';
import { make } from '../elements';
import { FILTER } from '../filter-box';
import { Observable } from '../observable';
import { findColumn, runName, runRows } from '../runs';
import { countHidden } from '../tidy-bar';
import { type Undo, undoAll } from '../undo';
import { UNSEEN } from '../unseen';
import type { Page, View } from '../view';
import type { Column, ViewState } from '../wire';
import { type Arrangement, arrange } from './arrangement';
import { columnMenu } from './column-menu';
import { type ColumnWindow, columnWindow } from './column-window';
import { NAME_KEY, visibleColumns } from './columns';
import type { Shown } from './copied';
import { keepFocus } from './focus';
import { headerRow } from './header';
import { editNote } from './note-editor';
import { Best, type RowContext } from './row-context';
import { listenToRows } from './row-events';
import { RowDrawer } from './rows';
import { NOTE_KEY } from './run-cell';
import { isSpark, Sparklines, showsSparklines, sparkMetric, withSparkline } from './sparklines';
import { tableToolbar } from './toolbar';
import { columnWidths, type Widths } from './widths';
import { ROW_HEIGHT, windowOf } from './windowing';

const ROWS_AT_ONCE = 14;
const GUESSED_FIGURE = 7;
/** What is drawn anew when the user chooses otherwise. */
const DRAWN: readonly (keyof ViewState)[] = [
  'columns',
  'sort',
  'sorts',
  'group_by',
  'open_groups',
  'percent',
  'unseen',
  'sparklines',
  'formats',
  'widths',
  'panels',
  'only_differing',
  'show_sparse',
];

/** A table of runs: sorted, filtered by the selection, held against a baseline; only the rows in sight are in the page. */
export const tableView: View = (element, page) => {
  const view = new TableView(page);
  element.append(view.root);
  view.draw();
  return () => view.dispose();
};

class TableView {
  readonly root: HTMLElement;
  readonly #page: Page;
  /** A notebook's own single keys, such as `d d`, must not act on its cells while a row has the focus. */
  readonly #scroller = make('div', { class: 'trackside-scroller', 'data-lm-suppress-shortcuts': 'true' });
  readonly #grid = make('table', {
    class: 'trackside-grid',
    'aria-multiselectable': 'true',
    'aria-label': 'Runs',
  });
  readonly #columnGroup = make('colgroup');
  readonly #head = make('thead');
  readonly #baseline = make('tbody', { class: 'trackside-baseline' });
  readonly #body = make('tbody');
  readonly #above = make('tr', { class: 'trackside-spacer', 'aria-hidden': 'true' });
  readonly #below = make('tr', { class: 'trackside-spacer', 'aria-hidden': 'true' });
  readonly #arrangement = new Observable<Arrangement>({ ids: [], runs: [], groups: new Map(), column: null });
  readonly #sparks: Sparklines;
  readonly #undos: Undo[] = [];
  #columns: Column[] = [];
  #widths: Widths = { name: 0, others: [], sum: 0 };
  #window: ColumnWindow | null = null;
  #best = new Best([], this.#arrangement.value);
  /** The row that was in focus last. */
  #current: string | null = null;
  #rows: RowDrawer | undefined;
  #pinnedRows: RowDrawer | undefined;
  #frame = 0;
  /** Rows made anew between pressing and letting go would lose the click, and what is being written. */
  #isHeld = false;

  constructor(page: Page) {
    this.#page = page;
    this.#sparks = new Sparklines(page.source);
    this.#grid.append(this.#columnGroup, this.#head, this.#baseline, this.#body);
    this.#scroller.append(this.#grid);
    this.#scroller.style.maxHeight = `${ROW_HEIGHT * (ROWS_AT_ONCE + 1.5)}px`;
    const toolbar = tableToolbar(page, () => this.#shown());
    const menu = columnMenu(page, this.#grid, () => this.#shown().columns);
    this.#undos.push(toolbar.dispose, menu.dispose);
    this.root = make('div', { class: 'trackside-table' }, toolbar.element, this.#scroller, menu.element);
    this.#listen();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    undoAll(this.#undos)();
    this.root.remove();
  }

  draw(): void {
    keepFocus(this.#grid, () => this.#drawAll());
  }

  #drawAll(): void {
    const { state, selection, table } = this.#page;
    const columns = visibleColumns(table.value, state.value, selection.filters.value.get(FILTER));
    const hasLines = showsSparklines(table.value, state.value, this.#page.source.live);
    this.#columns = hasLines ? withSparkline(columns, table.value) : columns;
    const passing = table.value.run_ids.filter((run) => selection.passes(run, UNSEEN));
    this.#arrangement.value = arrange(table.value, passing, state.value, {
      pinned: this.#pinnedRun(),
      counts: (run) => selection.passes(run),
    });
    this.#best = new Best(this.#rivals(), this.#arrangement.value);
    this.#layOut();
    this.#window = null;
    this.#showColumns();
    this.#drawRows();
  }

  /** The pinned run and all that pass, in order. */
  #shown(): Shown {
    const pinned = this.#pinnedRun();
    const runs = [...(pinned === null ? [] : [pinned]), ...this.#arrangement.value.runs];
    return {
      table: this.#page.table.value,
      columns: this.#columns.filter((column) => !isSpark(column)),
      arrangement: this.#arrangement.value,
      formats: this.#page.state.value.formats ?? {},
      runs: runs.filter((run) => run === pinned || this.#page.selection.passes(run)),
    };
  }

  /** The rows of the runs among which one is the best. */
  #rivals(): number[] {
    const { table, runs } = this.#shown();
    const rows = runRows(table);
    return runs.filter((run) => !table.shown_anyway?.includes(run)).map((run) => rows.get(run) ?? 0);
  }

  /** One row and its buttons can be reached with Tab; from there the arrow keys walk. */
  #letOneBeReached(): void {
    const rows = [...this.#grid.querySelectorAll<HTMLElement>('tr[data-row]')];
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

  #pinnedRun(): string | null {
    const pinned = this.#page.selection.pinned.value;
    return pinned !== null && runRows(this.#page.table.value).has(pinned) ? pinned : null;
  }

  #pinnedRow(): number | null {
    return runRows(this.#page.table.value).get(this.#pinnedRun() ?? '') ?? null;
  }

  /** Gives the columns their widths, and tells who cannot see them all how many rows and columns there are. */
  #layOut(): void {
    const { state, table } = this.#page;
    const { ids, column } = this.#arrangement.value;
    this.#widths = columnWidths(table.value, this.#columns, {
      figure: figureWidth(this.#scroller),
      baselineRow: this.#pinnedRow(),
      isGrouped: column !== null,
      formats: state.value.formats ?? {},
      chosen: state.value.widths ?? {},
      room: this.#scroller.clientWidth,
    });
    const { name, others, sum } = this.#widths;
    // The last one takes what the others leave.
    const makeColumn = (key: string, width: number): HTMLElement =>
      make('col', { 'data-key': key, style: `width:${width}px` });
    const columns = this.#columns.map(({ key }, at) => makeColumn(key, others[at] ?? 0));
    this.#columnGroup.replaceChildren(makeColumn(NAME_KEY, name), ...columns, make('col'));
    this.#grid.style.width = `${sum}px`;
    this.#grid.setAttribute('role', column === null ? 'grid' : 'treegrid');
    this.#grid.setAttribute('aria-colcount', String(others.length + 1));
    this.#grid.setAttribute('aria-rowcount', String(ids.length + 1 + Number(this.#pinnedRun() !== null)));
  }

  /** Draws head and baseline for the columns in sight; rows made for others are made anew when they are drawn. */
  #showColumns(): void {
    const width = this.#scroller.clientWidth - this.#widths.name;
    const window = columnWindow(this.#widths.others, this.#scroller.scrollLeft, width, this.#window);
    if (window === this.#window) {
      return;
    }
    this.#window = window;
    const open = this.#page.state.value.open_groups;
    const context = this.#rowContext(window);
    this.#rows = new RowDrawer(context, open);
    this.#pinnedRows = new RowDrawer(context, open);
    this.#drawHeaderRow();
    const pinned = this.#pinnedRun();
    this.#baseline.replaceChildren(...this.#pinnedRows.rows(pinned === null ? [] : [pinned], -1));
  }

  #rowContext(window: ColumnWindow): RowContext {
    return {
      table: this.#page.table.value,
      columns: this.#columns,
      window,
      arrangement: this.#arrangement.value,
      selection: this.#page.selection,
      isMarkable: this.#page.marks.possible,
      baselineRow: this.#pinnedRow(),
      best: this.#best,
      sparks: this.#sparks,
      formats: this.#page.state.value.formats ?? {},
      percent: this.#page.state.value.percent ?? false,
      unseen: new Set(this.#page.state.value.unseen),
    };
  }

  #drawHeaderRow(): void {
    const window = this.#window ?? { first: 0, end: this.#columns.length };
    this.#head.replaceChildren(headerRow(this.#page, this.#columns, window, this.#arrangement.value.runs));
  }

  #drawRows(): void {
    const { ids } = this.#arrangement.value;
    const seen = windowOf(this.#scroller.scrollTop, this.#scroller.clientHeight, ids.length);
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
    if (metric !== null && this.#columns.slice(first, end).some(isSpark)) {
      const pinned = this.#pinnedRun();
      const runs = ids.filter((id) => runRows(table.value).has(id));
      this.#sparks.want(pinned === null ? runs : [pinned, ...runs], metric);
    }
  }

  #emptyRow(): HTMLElement {
    const message =
      this.#page.table.value.run_ids.length === 0
        ? noRunsMessage(this.#page)
        : make('span', {}, 'No other run passes the filters.');
    const attributes = { colspan: String(this.#columns.length + 2), class: 'trackside-none' };
    return make('tr', {}, make('td', attributes, message));
  }

  #scroll(): void {
    const before = this.#window;
    keepFocus(this.#head, () => this.#showColumns());
    if (before === this.#window) {
      this.#drawRows();
    } else {
      keepFocus(this.#body, () => this.#drawRows());
    }
  }

  #listen(): void {
    const { state, selection, table } = this.#page;
    // Before anything is drawn, so that lines that went on are asked for again.
    this.#undos.push(table.subscribe((next) => this.#sparks.follow(next)));
    const plan = (): void => {
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => (this.#isHeld ? plan() : this.draw()));
    };
    const release = (): void => {
      this.#isHeld = this.#scroller.querySelector('.trackside-note-input') !== null;
    };
    this.#scroller.addEventListener('pointerdown', () => {
      this.#isHeld = true;
    });
    window.addEventListener('pointerup', release);
    window.addEventListener('pointercancel', release);
    this.#scroller.addEventListener('focusin', ({ target }) => {
      const row = target instanceof Element ? target.closest<HTMLElement>('tr[data-row]') : null;
      this.#current = row?.dataset['row'] ?? this.#current;
      this.#letOneBeReached();
    });
    this.#scroller.addEventListener('pointerover', ({ target }) => {
      const cell = target instanceof Element ? target.closest<HTMLTableCellElement>('td[aria-colindex]') : null;
      if (cell && !cell.title) {
        cell.title = this.#rows?.describe(cell) ?? '';
      }
    });
    const scroll = (): void => this.#scroll();
    this.#scroller.addEventListener('scroll', scroll, { passive: true });
    const resized = new ResizeObserver(scroll);
    resized.observe(this.#scroller);
    this.#undos.push(
      () => window.removeEventListener('pointerup', release),
      () => window.removeEventListener('pointercancel', release),
      () => resized.disconnect(),
      state.subscribe(watchKeys(state.value, DRAWN, plan)),
      ...[table, selection.filters, selection.pinned].map((observable: Pick<Observable<unknown>, 'subscribe'>) =>
        observable.subscribe(plan),
      ),
      selection.ticked.subscribe(() => {
        this.#showMarks();
        keepFocus(this.#head, () => this.#drawHeaderRow());
      }),
      selection.hovered.subscribe(() => this.#showMarks()),
      () => this.#sparks.dispose(),
      this.#sparks.answered.subscribe(({ problem }) => this.#showLines(problem)),
      listenToRows(this.#scroller, this.#page, this.#arrangement, (run) => this.#writeNote(run)),
    );
  }

  /** Opens an editor in the note's cell or, where that is not in sight, in the name's. Nothing is drawn meanwhile. */
  #writeNote(run: string): void {
    const { marks, table } = this.#page;
    const row = this.#grid.querySelector<HTMLElement>(`tr[data-row="${CSS.escape(run)}"]`);
    const cell = row?.querySelector<HTMLElement>('[data-note]') ?? row?.querySelector('th');
    if (!row || !cell) {
      return;
    }
    const note = findColumn(table.value, NOTE_KEY)?.values[runRows(table.value).get(run) ?? -1] ?? '';
    this.#isHeld = true;
    editNote(cell, runName(run, table.value), String(note), (next) => {
      this.#isHeld = false;
      row.focus({ preventScroll: true });
      this.draw();
      if (next !== null) {
        void marks.note(run, next);
      }
    });
  }

  #showLines(problem: string | null): void {
    this.#rows?.showSparklines();
    this.#pinnedRows?.showSparklines();
    const head = this.#head.querySelector<HTMLElement>('.trackside-spark-head');
    if (head && problem !== null) {
      head.title = problem;
    }
  }

  #showMarks(): void {
    this.#rows?.showMarks();
    this.#pinnedRows?.showMarks();
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

/** Why a table has no rows at all, and what to do about it. */
export function noRunsMessage({ marks, state, table }: Page): HTMLElement {
  const hidden = countHidden(table.value);
  if (hidden === 0) {
    return make('span', {}, 'No runs yet: put ', make('code', {}, '%%track'), ' on top of a cell and run it.');
  }
  const words = hidden === 1 ? 'The only run is hidden' : `All ${hidden} runs are hidden`;
  if (!marks.possible) {
    return make('span', {}, `${words}: `, make('code', {}, 'ts.runs(include_hidden=True)'), ' shows them.');
  }
  const show = make(
    'button',
    {
      type: 'button',
      class: 'trackside-link',
      click: () => {
        state.value = { ...state.value, include_hidden: true };
      },
    },
    'Show them',
  );
  return make('span', {}, `${words}. `, show);
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

/** A reader that calls `changed` only when one of these keys has another value than before. */
function watchKeys<T extends object>(start: T, keys: readonly (keyof T)[], changed: () => void): (value: T) => void {
  let before = start;
  return (value) => {
    const differs = keys.some((key) => value[key] !== before[key]);
    before = value;
    if (differs) {
      changed();
    }
  };
}
