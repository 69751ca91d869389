import { withBrushes } from './axes/brushes';
import { codeButton } from './code-button';
import { make } from './elements';
import { filterBox } from './filter-box';
import { countRunning, type RunFollower } from './follow-runs';
import { keyList } from './key-list';
import { layoutChooser } from './layout';
import type { Observable } from './observable';
import { panelSwitches } from './panel-switches';
import { tidyBar } from './tidy-bar';
import { type Undo, undoAll } from './undo';
import type { Page } from './view';
import { viewsMenu } from './views-menu';
import type { Axis, RunTable } from './wire';

/** Draws the line over the panels: how many runs, the filter, how fresh it all is. Returns the undo. */
export function mountBar(
  root: HTMLElement,
  page: Page,
  follower: RunFollower,
  notice: Observable<string | null>,
): Undo {
  const count = make('span', { class: 'trackside-count', role: 'status' });
  const box = filterBox(page);
  const clear = make(
    'button',
    { type: 'button', class: 'trackside-link', click: () => clearFilters(page) },
    'Clear filters',
  );
  const untick = make('button', {
    type: 'button',
    class: 'trackside-link',
    title: 'Untick all rows',
    click: () => {
      page.selection.ticked.value = new Set();
    },
  });
  const older = make('button', {
    type: 'button',
    class: 'trackside-link',
    click: () => {
      page.state.value = { ...page.state.value, include_older: !page.state.value.include_older };
    },
  });
  const tidying = tidyBar(page);
  const switches = panelSwitches(page);
  const layouts = layoutChooser(page.state);
  const views = viewsMenu(page);
  const code = codeButton(page);
  const keys = keyList(root);
  const edge = make('span', { class: 'trackside-notice', role: 'status' });
  const chosen = [count, older, tidying.hidden, box.input, clear, untick, tidying.actions];
  const choices = make(
    'span',
    { class: 'trackside-choices' },
    code.element,
    views.element,
    layouts.element,
    switches.element,
    keys.element,
  );
  const rest = [edge, choices, tidying.problem];
  // What is wrong with a condition stands right below its box, before what may be in a line of its own.
  root.append(make('div', { class: 'trackside-bar' }, ...chosen, box.problem, ...rest));

  const show = (): void => {
    const { selection, table } = page;
    count.textContent = describeCount(table.value, selection.passingRows(table.value));
    const offer = offerOlder(page);
    older.hidden = offer === null;
    older.textContent = offer?.text ?? '';
    older.title = offer?.title ?? '';
    clear.hidden = selection.filters.value.size === 0;
    views.element.hidden = !page.source.live;
    code.element.hidden = !page.source.live;
    untick.hidden = selection.ticked.value.size === 0;
    untick.textContent = `${selection.ticked.value.size} ticked ×`;
    edge.textContent = notice.value ?? follower.problem.value ?? describeFreshness(page);
    edge.title = edge.textContent;
    edge.toggleAttribute('data-running', page.source.live && countRunning(table.value) > 0);
  };
  const undos = [page.table, page.selection.filters, page.selection.ticked, notice, follower.problem].map(
    (observable: { subscribe(read: () => void): () => void }) => observable.subscribe(show),
  );
  show();
  const parts = [box, tidying, switches, layouts, views, code, keys].map(({ dispose }) => dispose);
  return undoAll([...parts, ...undos]);
}

/** By a mask of the runs that pass: "20 of 134 runs", be it that only those were asked for or that only those pass; "3 of 20 runs (134 in all)". */
export function describeCount(table: RunTable, mask: Uint8Array): string {
  const here = table.run_ids.length;
  const passing = mask.reduce((count, passes) => count + passes, 0);
  const of = (part: number, all: number, what = 'run'): string => {
    const things = `${all.toLocaleString('en')} ${what}${all === 1 ? '' : 's'}`;
    return part === all ? things : `${part.toLocaleString('en')} of ${things}`;
  };
  const { saved_of, saved_columns_of } = table;
  if (passing === here && (saved_of != null || saved_columns_of != null)) {
    const columns = saved_columns_of == null ? '' : ` and ${of(table.columns.length, saved_columns_of, 'column')}`;
    return `${of(here, saved_of ?? here)}${columns} were saved`;
  }
  if (passing === here) {
    return of(here, Math.max(here, table.total));
  }
  return table.total > here ? `${of(passing, here)} (${table.total.toLocaleString('en')} in all)` : of(passing, here);
}

/** What can be done about runs older than those that a comparison shows by itself; null where there is nothing to do. */
export function offerOlder({ source, state, table }: Page): { text: string; title: string } | null {
  const { newest = null, total, run_ids } = table.value;
  if (newest === null || !source.live) {
    return null;
  }
  if (state.value.include_older) {
    return total > newest ? { text: `Newest ${newest}`, title: 'Leave out the older runs again' } : null;
  }
  return total > run_ids.length ? { text: 'Show all', title: `Show all ${total.toLocaleString('en')} runs` } : null;
}

function describeFreshness({ source, table }: Page): string {
  const running = countRunning(table.value);
  if (!source.live) {
    return 'as saved in the notebook';
  }
  if (table.value.age) {
    return `store busy: ${Math.round(table.value.age)} s old`;
  }
  return running > 0 ? `${running} running` : '';
}

function clearFilters({ selection, state }: Page): void {
  selection.filters.value = new Map();
  const { axes, scatter, ...others } = state.value;
  const unbrushed = (axis: Axis): Axis => withBrushes(axis, []);
  state.value = {
    ...others,
    filter: '',
    unseen: [],
    axes: axes?.map(unbrushed) ?? null,
    scatter: scatter
      ? { ...scatter, x: scatter.x ? unbrushed(scatter.x) : null, y: scatter.y ? unbrushed(scatter.y) : null }
      : null,
  };
}
