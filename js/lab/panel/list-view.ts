import type { TranslationBundle } from '@jupyterlab/translation';
import { make } from '../../core/elements';
import { filterBox } from '../../core/filter-box';
import { followRuns, type RunFollower } from '../../core/follow-runs';
import { Observable } from '../../core/observable';
import { describeCount } from '../../core/page-bar';
import { countHidden, describeHidden } from '../../core/tidy-bar';
import { type Undo, undoAll } from '../../core/undo';
import type { Page } from '../../core/view';
import { MOST_RUNS } from '../../core/wire';
import type { HttpSource } from '../server/http-source';
import { facetMenu } from './facet-menu';
import { countFacets, passFacets } from './facets';
import { hiddenMatches } from './hidden-matches';
import { openMenu } from './list-events';
import { listMessage } from './list-message';
import { makePage, NOT_YET } from './make-page';
import { orderMenu } from './order-menu';
import type { PanelState } from './panel-state';
import { mountRunList, type RunList } from './run-list';
import { selectionBar } from './selection-bar';

/** So many of the newest runs are asked for at first, and so many more at each wish for older ones. */
export const PAGE_OF_RUNS = 100;
const FACETS = 'facets';
/** What the list asks of its host. */
export interface ListHost {
  readonly trans: TranslationBundle;
  /** The experiment of the notebook in front. */
  experiment(): string | null;
  open(run: string): void;
  execute(command: string): void;
}

/** The list of one scope with its search, filters and what can be done with the chosen runs. */
export interface ListView {
  readonly page: Page;
  readonly source: HttpSource;
  readonly list: RunList;
  readonly follower: RunFollower;
  focusSearch(): void;
  readonly dispose: Undo;
}

/** Draws it into `root`; what the user chooses is kept in `state`. */
export function mountListView(
  root: HTMLElement,
  source: HttpSource,
  state: Observable<PanelState>,
  host: ListHost,
): ListView {
  const { trans } = host;
  const { filter: text, facets: chosen } = state.value;
  const page = makePage(source, { panels: [], filter: text, include_hidden: chosen.place !== 'list' });
  let limit = PAGE_OF_RUNS;
  const follower = followRuns(root, page, new Observable<string | null>(null));
  const box = filterBox(page);
  const groupBy = (): string | null =>
    state.value.groupBy ?? (source.scope.experiment == null && source.scope.run_ids == null ? 'run:experiment' : null);
  const facets = facetMenu(
    page,
    () => state.value,
    (change) => keep(change),
    trans,
  );
  const count = make('span', { class: 'trackside-count', role: 'status' });
  const hidden = make('button', {
    type: 'button',
    class: 'trackside-link',
    click: () =>
      keep({ facets: { ...state.value.facets, place: state.value.facets.place === 'all' ? 'list' : 'all' } }),
  });
  const order = orderMenu(
    page,
    () => state.value,
    (change) => keep(change),
    trans,
  );
  const matches = hiddenMatches(page);
  const stale = make('span', { class: 'trackside-stale' });
  const older = make('button', { type: 'button', class: 'trackside-link', click: () => showOlder() });
  const message = make('div', { class: 'trackside-empty', role: 'status' });
  const list = mountRunList(
    page,
    () => ({ ...state.value, groupBy: groupBy(), firstGroup: host.experiment(), limit }),
    { open: host.open, fold: (group) => keep({ folded: switched(state.value.folded, group) }) },
    trans,
  );
  const bar = selectionBar(page, host, (below) => {
    const chosen = list.element.querySelector('[aria-selected="true"]');
    if (chosen) {
      openMenu(chosen, below);
    }
  });
  const scroller = make('div', { class: 'trackside-run-scroller' }, list.element, message, older);
  root.append(
    make('div', { class: 'trackside-side-search' }, box.input, facets.element),
    box.problem,
    make('div', { class: 'trackside-side-head' }, count, hidden, stale, order.element),
    scroller,
    bar.element,
  );

  const keep = (change: Partial<PanelState>): void => {
    state.value = { ...state.value, ...change };
  };
  const showOlder = (): void => {
    limit += PAGE_OF_RUNS;
    askForThem();
    show();
    list.draw();
  };
  /** What is searched for, or comes first in another order, may be older than what is shown: then all runs are looked through. */
  const askForThem = (): void => {
    const { run_ids, total } = page.table.value;
    const { newest = MOST_RUNS } = source.scope;
    // Where they are searched or sorted, all that the server tells of at once.
    const wanted = wantsAll() ? MOST_RUNS : Math.min(limit, MOST_RUNS);
    if (wanted < newest || (wanted > newest && total > run_ids.length)) {
      source.scope = { ...source.scope, newest: wanted };
      follower.refresh();
    }
  };
  const wantsAll = (): boolean =>
    state.value.filter !== '' || countFacets(state.value.facets) > 0 || state.value.sort !== null;
  const filter = (): void => {
    page.selection.setFilter(FACETS, passFacets(page.table.value, state.value.facets, Date.now() / 1000));
  };
  const show = (): void => {
    const { value: table } = page.table;
    const isLoaded = table !== NOT_YET;
    count.textContent = isLoaded ? describeCount(table, page.selection.passingRows(table)) : '';
    const away = countHidden(table);
    const isAll = state.value.facets.place === 'all';
    hidden.hidden = away === 0 && !isAll;
    hidden.textContent = isAll ? trans.__('hide the hidden') : trans.__('+ %1 hidden', away);
    hidden.title = describeHidden(table, false);
    stale.textContent = table.age ? trans.__('store busy: %1 s old', Math.round(table.age)) : '';
    order.show();
    const left = wantsAll() ? 0 : Math.max(0, table.total - table.run_ids.length);
    older.hidden = !isLoaded || left + list.more() === 0;
    older.textContent = left > 0 ? trans.__('Show older runs (%1)', left) : trans.__('Show more (%1)', list.more());
    const shown = list.order().length;
    matches.look(state.value, shown);
    const found = { shown, hiddenMatches: matches.count.value };
    const said = listMessage(page, isLoaded, follower.problem.value, found, host, state);
    message.hidden = said === null;
    message.replaceChildren(...(said ?? []));
    facets.show();
  };
  const onState = ({ facets: { place }, filter: text }: PanelState): void => {
    const include_hidden = place !== 'list';
    if (include_hidden !== page.state.value.include_hidden || text !== page.state.value.filter) {
      page.state.value = { ...page.state.value, include_hidden, filter: text };
    }
    filter();
    askForThem();
    list.draw();
    show();
  };
  const undos = [
    page.table.subscribe(filter),
    page.table.subscribe(askForThem),
    page.table.subscribe(show),
    page.selection.filters.subscribe(show),
    follower.problem.subscribe(show),
    matches.count.subscribe(show),
    state.subscribe(onState),
    page.state.subscribe(({ filter: text = '' }) => text !== state.value.filter && keep({ filter: text })),
  ];
  filter();
  show();
  return {
    page,
    source,
    list,
    follower,
    focusSearch: () => box.input.querySelector('input')?.focus(),
    dispose: undoAll([
      ...[follower, box, facets, order, matches, list, bar].map(({ dispose }) => dispose),
      ...undos,
      () => root.replaceChildren(),
    ]),
  };
}

function switched(values: readonly string[], value: string): string[] {
  return values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
}
