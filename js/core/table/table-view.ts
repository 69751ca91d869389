import '../controls.css';
import './table.css';
import { make } from '../elements';
import { FILTER } from '../filter-box';
import { findCauses } from '../incomparable';
import { Observable } from '../observable';
import { runRows } from '../runs';
import { type Undo, undoAll } from '../undo';
import { UNSEEN } from '../unseen';
import type { Page, View } from '../view';
import type { Column, ViewState } from '../wire';
import { type Arrangement, arrange } from './arrangement';
import { columnMenu } from './column-menu';
import { visibleColumns } from './columns';
import type { Shown } from './copied';
import { type Drawing, Grid } from './grid';
import { listenToRows } from './row-events';
import { type Written, writeInRow } from './run-editors';
import { isSpark, Sparklines, showsSparklines, withSparkline } from './sparklines';
import { tableToolbar } from './toolbar';

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
  readonly #arrangement = new Observable<Arrangement>({ ids: [], runs: [], groups: new Map(), column: null });
  readonly #sparks: Sparklines;
  readonly #grid: Grid;
  readonly #undos: Undo[] = [];
  #columns: Column[] = [];
  #frame = 0;
  /** Rows made anew between pressing and letting go would lose the click, and what is being written. */
  #isHeld = false;
  /** Whether there is something to draw once nothing is held. */
  #isDue = false;

  constructor(page: Page) {
    this.#page = page;
    this.#sparks = new Sparklines(page.source);
    this.#grid = new Grid(page, this.#sparks, this.#drawing());
    const toolbar = tableToolbar(page, () => this.#shown());
    const menu = columnMenu(page, this.#grid.element, () => this.#shown().columns);
    this.#undos.push(toolbar.dispose, menu.dispose);
    this.root = make('div', { class: 'trackside-table' }, toolbar.element, this.#grid.scroller, menu.element);
    this.#listen();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#grid.dispose();
    undoAll(this.#undos)();
    this.root.remove();
  }

  draw(): void {
    this.#grid.draw(this.#drawing());
  }

  #drawing(): Drawing {
    const { state, selection, source, table } = this.#page;
    const columns = visibleColumns(table.value, state.value, selection.filters.value.get(FILTER));
    const hasLines = showsSparklines(table.value, state.value, source.live);
    this.#columns = hasLines ? withSparkline(columns, table.value) : columns;
    const passing = table.value.run_ids.filter((run) => selection.passes(run, UNSEEN));
    const pinned = this.#pinnedRun();
    this.#arrangement.value = arrange(table.value, passing, state.value, {
      pinned,
      counts: (run) => selection.passes(run),
    });
    return { columns: this.#columns, arrangement: this.#arrangement.value, pinned, rivals: this.#rivals() };
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

  /** The rows of the runs among which one is the best: of those that are comparable, as far as is known. */
  #rivals(): number[] {
    const { table, runs } = this.#shown();
    const [rows, causes] = [runRows(table), findCauses(this.#page)];
    return runs
      .filter((run) => !table.shown_anyway?.includes(run) && !causes.has(run))
      .map((run) => rows.get(run) ?? 0);
  }

  #pinnedRun(): string | null {
    const pinned = this.#page.selection.pinned.value;
    return pinned !== null && runRows(this.#page.table.value).has(pinned) ? pinned : null;
  }

  #listen(): void {
    const { comparability, state, selection, table } = this.#page;
    const { scroller } = this.#grid;
    const release = (): void => this.#hold(scroller.querySelector('.trackside-cell-input') !== null);
    scroller.addEventListener('pointerdown', () => this.#hold(true));
    window.addEventListener('pointerup', release);
    window.addEventListener('pointercancel', release);
    scroller.addEventListener('focusin', ({ target }) => this.#grid.reach(target));
    scroller.addEventListener('pointerover', ({ target }) => {
      const cell = target instanceof Element ? target.closest<HTMLTableCellElement>('td[aria-colindex]') : null;
      if (cell) {
        this.#grid.describe(cell);
      }
    });
    const scroll = (): void => this.#grid.scroll();
    scroller.addEventListener('scroll', scroll, { passive: true });
    const plan = (): void => this.#plan();
    let width = 0;
    const resized = new ResizeObserver(() => {
      const before = width;
      width = scroller.clientWidth; // the name's column has a share of it
      (width === before ? scroll : plan)();
    });
    resized.observe(scroller);
    this.#undos.push(
      () => window.removeEventListener('pointerup', release),
      () => window.removeEventListener('pointercancel', release),
      () => resized.disconnect(),
      // Before anything is drawn, so that lines that went on are asked for again.
      table.subscribe((next) => this.#sparks.follow(next)),
      state.subscribe(watchKeys(state.value, DRAWN, plan)),
      ...[table, comparability, selection.filters, selection.pinned].map(
        (observable: Pick<Observable<unknown>, 'subscribe'>) => observable.subscribe(plan),
      ),
      selection.ticked.subscribe(() => this.#grid.showTicks()),
      selection.hovered.subscribe(() => this.#grid.showMarks()),
      () => this.#sparks.dispose(),
      this.#sparks.answered.subscribe(({ problem }) => this.#grid.showLines(problem)),
      listenToRows(scroller, this.#page, this.#arrangement, (run, what) => this.#write(run, what)),
    );
  }

  /** Draws in the next frame, or once nothing is held. */
  #plan(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      this.#isDue = this.#isHeld;
      if (!this.#isHeld) {
        this.draw();
      }
    });
  }

  #hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (!isHeld && this.#isDue) {
      this.#isDue = false;
      this.#plan();
    }
  }

  #write(run: string, what: Written): void {
    const row = this.#grid.element.querySelector<HTMLElement>(`tr[data-row="${CSS.escape(run)}"]`);
    if (row) {
      writeInRow(row, run, what, this.#page, (isHeld) => this.#hold(isHeld));
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
