import '../controls.css';
import './table.css';
import { toggle } from '../controls';
import { make } from '../elements';
import { FILTER } from '../filter-box';
import { Observable } from '../observable';
import { runName, runRows } from '../runs';
import { countHidden } from '../tidy-bar';
import { type Undo, undoAll } from '../undo';
import type { Page, View } from '../view';
import type { Column } from '../wire';
import { countSparse, visibleColumns } from './columns';
import { columnsMenu } from './columns-menu';
import { bestValue } from './comparison';
import { keepFocus } from './focus';
import { headerRow } from './header';
import { listenToRows } from './row-events';
import { type RowContext, RowDrawer } from './rows';
import { sortRuns } from './sorting';
import { columnWidths } from './widths';
import { ROW_HEIGHT, windowOf } from './windowing';

const ROWS_AT_ONCE = 14;

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
    role: 'grid',
    'aria-multiselectable': 'true',
    'aria-label': 'Runs',
  });
  readonly #columnGroup = make('colgroup');
  readonly #head = make('thead');
  readonly #baseline = make('tbody', { class: 'trackside-baseline' });
  readonly #body = make('tbody');
  readonly #above = make('tr', { class: 'trackside-spacer', 'aria-hidden': 'true' });
  readonly #below = make('tr', { class: 'trackside-spacer', 'aria-hidden': 'true' });
  readonly #order = new Observable<readonly string[]>([]);
  readonly #undos: Undo[] = [];
  #columns: Column[] = [];
  /** The row that was in focus last. */
  #current: string | null = null;
  #rows: RowDrawer | undefined;
  #frame = 0;
  /** Rows made anew between pressing and letting go would lose the click. */
  #isPressed = false;

  constructor(page: Page) {
    this.#page = page;
    this.#grid.append(this.#columnGroup, this.#head, this.#baseline, this.#body);
    this.#scroller.append(this.#grid);
    this.#scroller.style.maxHeight = `${ROW_HEIGHT * (ROWS_AT_ONCE + 1.5)}px`;
    this.root = make('div', { class: 'trackside-table' }, this.#toolbar(), this.#scroller);
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
    this.#columns = visibleColumns(table.value, state.value, this.#page.selection.filters.value.get(FILTER));
    const pinned = this.#pinnedRun();
    const passing = table.value.run_ids.filter((run) => run !== pinned && selection.passes(run));
    this.#order.value = sortRuns(table.value, passing, state.value.sort ?? null);
    this.#rows = new RowDrawer(this.#rowContext(pinned));
    this.#drawHead();
    this.#baseline.replaceChildren(...(pinned === null ? [] : [this.#rows.row(pinned, 0)]));
    this.#drawRows();
  }

  /** One row and its buttons can be reached with Tab; from there the arrow keys walk. */
  #letOneBeReached(): void {
    const rows = [...this.#grid.querySelectorAll<HTMLElement>('tr[data-run]')];
    const reached = rows.find((row) => row.dataset['run'] === this.#current) ?? rows[0];
    for (const row of rows) {
      for (const element of [row, ...row.querySelectorAll<HTMLElement>('input, button')]) {
        element.tabIndex = row === reached ? 0 : -1;
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

  #rowContext(pinned: string | null): RowContext {
    const table = this.#page.table.value;
    const rows = runRows(table);
    const shown = (pinned === null ? [] : [pinned])
      .concat(this.#order.value)
      .filter((run) => !table.shown_anyway?.includes(run))
      .map((run) => rows.get(run) ?? 0);
    return {
      table,
      columns: this.#columns,
      selection: this.#page.selection,
      isMarkable: this.#page.marks.possible,
      baselineRow: this.#pinnedRow(),
      best: new Map(this.#columns.map((column) => [column.key, bestValue(column, shown)])),
    };
  }

  #drawHead(): void {
    const widths = columnWidths(this.#page.table.value, this.#columns, this.#pinnedRow());
    this.#columnGroup.replaceChildren(
      ...[widths.name, ...widths.others].map((width) => make('col', { style: `width:${width}` })),
    );
    this.#grid.style.width = widths.sum;
    this.#grid.setAttribute('aria-rowcount', String(this.#order.value.length + 1 + this.#baseline.childElementCount));
    this.#drawHeaderRow();
  }

  #drawHeaderRow(): void {
    this.#head.replaceChildren(headerRow(this.#page, this.#columns, this.#order.value));
  }

  #drawRows(): void {
    const order = this.#order.value;
    const seen = windowOf(this.#scroller.scrollTop, this.#scroller.clientHeight, order.length);
    this.#above.style.height = `${seen.first * ROW_HEIGHT}px`;
    this.#below.style.height = `${(order.length - seen.end) * ROW_HEIGHT}px`;
    const drawer = this.#rows;
    const rows = order.slice(seen.first, seen.end).flatMap((run, at) => drawer?.row(run, seen.first + at + 1) ?? []);
    replaceRows(this.#body, [this.#above, ...(order.length === 0 ? [this.#emptyRow()] : rows), this.#below]);
    this.#letOneBeReached();
  }

  #emptyRow(): HTMLElement {
    const message =
      this.#page.table.value.run_ids.length === 0
        ? noRunsMessage(this.#page)
        : make('span', {}, 'No other run passes the filters.');
    return make('tr', {}, make('td', { colspan: String(this.#columns.length + 1), class: 'trackside-none' }, message));
  }

  #toolbar(): HTMLElement {
    const { state, selection, table } = this.#page;
    const folding = toggle('Only what differs', 'Hide columns in which all runs are equal', (only_differing) => {
      state.value = { ...state.value, only_differing };
    });
    const menu = columnsMenu(this.#page);
    const unpin = make('button', {
      type: 'button',
      title: 'Stop comparing',
      click: () => (selection.pinned.value = null),
    });
    const sparse = make('button', {
      type: 'button',
      class: 'trackside-link',
      title: 'Columns that less than a third of the runs have',
      click: () => {
        state.value = { ...state.value, show_sparse: !state.value.show_sparse };
      },
    });
    const show = (): void => {
      folding.show(state.value.only_differing ?? false);
      const count = countSparse(table.value, state.value, selection.filters.value.get(FILTER));
      sparse.hidden = count === 0;
      sparse.textContent = describeSparse(count, state.value.show_sparse ?? false);
      const pinned = this.#pinnedRun();
      unpin.hidden = pinned === null;
      unpin.textContent = pinned === null ? '' : `Compared with ${runName(pinned, table.value)} ×`;
    };
    show();
    this.#undos.push(menu.dispose, state.subscribe(show), selection.pinned.subscribe(show), table.subscribe(show));
    this.#undos.push(selection.filters.subscribe(show));
    return make('div', { class: 'trackside-toolbar' }, menu.element, folding.element, sparse, unpin);
  }

  #listen(): void {
    const { state, selection, table } = this.#page;
    const plan = (): void => {
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => (this.#isPressed ? plan() : this.draw()));
    };
    const press = (isPressed: boolean) => (): void => {
      this.#isPressed = isPressed;
    };
    this.#scroller.addEventListener('pointerdown', press(true));
    const release = press(false);
    window.addEventListener('pointerup', release);
    window.addEventListener('pointercancel', release);
    this.#scroller.addEventListener('focusin', ({ target }) => {
      const row = target instanceof Element ? target.closest<HTMLElement>('tr[data-run]') : null;
      this.#current = row?.dataset['run'] ?? this.#current;
      this.#letOneBeReached();
    });
    const scroll = (): void => this.#drawRows();
    this.#scroller.addEventListener('scroll', scroll, { passive: true });
    const resized = new ResizeObserver(scroll);
    resized.observe(this.#scroller);
    this.#undos.push(
      () => window.removeEventListener('pointerup', release),
      () => window.removeEventListener('pointercancel', release),
      () => resized.disconnect(),
      state.subscribe(watchKeys(state.value, ['columns', 'sort', 'only_differing', 'show_sparse'], plan)),
      ...[table, selection.filters, selection.pinned].map((observable: { subscribe(read: () => void): () => void }) =>
        observable.subscribe(plan),
      ),
      selection.ticked.subscribe(() => {
        this.#rows?.showMarks();
        keepFocus(this.#head, () => this.#drawHeaderRow());
      }),
      selection.hovered.subscribe(() => this.#rows?.showMarks()),
      listenToRows(this.#scroller, this.#page, this.#order),
    );
  }
}

/** "+31 columns that few runs have", or what takes them away again. */
function describeSparse(count: number, isShown: boolean): string {
  const columns = `${count} column${count === 1 ? '' : 's'} that few runs have`;
  return isShown ? `Fold ${columns}` : `+${columns}`;
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
