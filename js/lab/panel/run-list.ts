import type { TranslationBundle } from '@jupyterlab/translation';
import { make } from '../../core/elements';
import { runName, runRows } from '../../core/runs';
import { type Written, writeInRow } from '../../core/table/run-editors';
import { sparkline } from '../../core/table/sparkline';
import { Sparklines, sparkMetric } from '../../core/table/sparklines';
import { type Undo, undoAll } from '../../core/undo';
import type { Page } from '../../core/view';
import { listenToList } from './list-events';
import { type ListOptions, listRows, type Row } from './list-rows';
import { groupRow, runRow } from './run-row';

const MINUTE_MS = 60_000;

/** What a list draws beside what its page knows. */
export type ListChoice = Omit<ListOptions, 'passes' | 'now'>;

/** The drawn list. */
export interface RunList {
  readonly element: HTMLElement;
  /** The runs that pass but are not drawn. */
  readonly more: () => number;
  /** The ids of the drawn runs, from above. */
  readonly order: () => readonly string[];
  /** The run that the keyboard is at, once it was brought to one. */
  readonly current: () => string | null;
  draw(): void;
  focus(run?: string): void;
  /** Lets something be written in a run's row. */
  write(run: string, what: Written): void;
  readonly dispose: Undo;
}

/** What the list tells of. */
export interface ListActs {
  open(run: string): void;
  fold(group: string): void;
}

/** Draws the page's runs as rows; a row that says the same as before is left alone. */
export function mountRunList(page: Page, choice: () => ListChoice, acts: ListActs, trans: TranslationBundle): RunList {
  const element = make('div', {
    class: 'trackside-runs',
    role: 'grid',
    'aria-label': trans.__('Runs'),
    'aria-multiselectable': 'true',
  });
  const sparks = new Sparklines(page.source);
  const drawn = new Map<string, { says: string; element: HTMLElement }>();
  const inSight = new Set<string>();
  let order: readonly string[] = [];
  /** The row that the keyboard was brought to, and the one that it comes to first. */
  let current: string | null = null;
  let entry: string | null = null;
  let more = 0;
  let isHeld = false;

  const sight = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      const run = (target as HTMLElement).dataset['run'] ?? '';
      isIntersecting ? inSight.add(run) : inSight.delete(run);
    }
    wantSparks();
  });
  const wantSparks = (): void => {
    const metric = sparkMetric(page.table.value);
    if (metric !== null && page.table.value.run_ids.length > 0) {
      sparks.want(
        order.filter((run) => inSight.has(run)),
        metric,
      );
    }
  };
  const elementOf = (row: Row): HTMLElement => {
    const says = JSON.stringify(row);
    const known = drawn.get(row.id);
    if (known?.says === says) {
      return known.element;
    }
    const fresh = row.kind === 'run' ? runRow(row, trans) : groupRow(row, trans);
    if (known) {
      sight.unobserve(known.element);
    }
    if (row.kind === 'run') {
      sight.observe(fresh);
    }
    drawn.set(row.id, { says, element: fresh });
    return fresh;
  };
  const draw = (): void => {
    if (isHeld) {
      return;
    }
    const { table, selection } = page;
    const { rows, more: left } = listRows(table.value, {
      ...choice(),
      passes: (run) => selection.passes(run),
      now: Date.now() / 1000,
    });
    more = left;
    order = rows.flatMap((row) => (row.kind === 'run' ? [row.id] : []));
    const hadFocus = element.contains(document.activeElement) && document.activeElement !== element;
    const elements = rows.map(elementOf);
    const wanted = new Set(rows.map(({ id }) => id));
    for (const [id, { element: old }] of drawn) {
      if (!wanted.has(id)) {
        sight.unobserve(old);
        inSight.delete(id);
        drawn.delete(id);
      }
    }
    place(element, elements);
    current = rows.some(({ id }) => id === current) ? current : null;
    entry = current ?? rows[0]?.id ?? null;
    if (hadFocus && !element.contains(document.activeElement)) {
      focus();
    }
    showChosen();
    showSparks();
    wantSparks();
  };
  const showChosen = (): void => {
    for (const [id, { element: row }] of drawn) {
      row.tabIndex = id === entry ? 0 : -1;
      if (row.dataset['run'] !== undefined) {
        row.setAttribute('aria-selected', String(page.selection.ticked.value.has(id)));
      }
    }
  };
  const showSparks = (): void => {
    const metric = sparkMetric(page.table.value);
    for (const run of order) {
      const cell = drawn.get(run)?.element.querySelector<HTMLElement>('.trackside-run-spark');
      const path = sparks.path(run);
      if (cell && cell.dataset['path'] !== (path ?? undefined)) {
        cell.dataset['path'] = path ?? '';
        const words = trans.__('%1 of %2 over its steps', metric ?? '', runName(run, page.table.value));
        cell.replaceChildren(...(path === null ? [] : [sparkline(path, 'currentColor', words)]));
      }
    }
  };
  const goTo = (id: string | null): void => {
    current = entry = id;
    showChosen();
  };
  const focus = (id: string | null = entry): void => {
    goTo(id);
    drawn.get(id ?? '')?.element.focus();
  };
  const write = (run: string, what: Written): void => {
    const row = drawn.get(run)?.element;
    if (row) {
      row.dataset['written'] = what;
      writeInRow(row, run, what, page, (isOpen) => {
        isHeld = isOpen;
        if (!isOpen) {
          delete row.dataset['written'];
          draw();
        }
      });
    }
  };
  /** What cannot be seen is not chosen either: it could be put away unseen. */
  const follow = (): void => {
    const rows = runRows(page.table.value);
    const ticked = [...page.selection.ticked.value];
    const seen = ticked.filter((run) => rows.has(run) && page.selection.passes(run));
    if (seen.length < ticked.length) {
      page.selection.ticked.value = new Set(seen);
    }
    draw();
  };
  const clock = setInterval(() => element.offsetParent !== null && draw(), MINUTE_MS);
  draw();
  return {
    element,
    more: () => more,
    order: () => order,
    current: () => (current !== null && order.includes(current) ? current : null),
    draw,
    focus,
    write,
    dispose: undoAll([
      () => clearInterval(clock),
      () => sight.disconnect(),
      () => sparks.dispose(),
      sparks.answered.subscribe(() => {
        showSparks();
        wantSparks();
      }),
      page.table.subscribe((table) => sparks.follow(table)),
      page.table.subscribe(follow),
      page.selection.filters.subscribe(follow),
      page.selection.ticked.subscribe(showChosen),
      listenToList(element, page, { ...acts, order: () => order, goTo, write }),
      () => element.remove(),
    ]),
  };
}

/** Puts children in order and leaves those alone that stand right: what has the focus keeps it. */
function place(parent: HTMLElement, children: readonly HTMLElement[]): void {
  const wanted = new Set<Element>(children);
  for (const child of [...parent.children]) {
    if (!wanted.has(child)) {
      child.remove();
    }
  }
  for (const [at, child] of children.entries()) {
    if (parent.children[at] !== child) {
      parent.insertBefore(child, parent.children[at] ?? null);
    }
  }
}
