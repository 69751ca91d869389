import { artifactsView } from './artifacts/artifacts-view';
import { diffView } from './diff/diff-view';
import { make } from './elements';
import { historyView } from './history/history-view';
import { importanceView } from './importance/importance-view';
import { frontPanel, type Panel, tileHead } from './layout';
import { parallelView } from './parallel/parallel-view';
import { scatterView } from './scatter/scatter-view';
import { noRunsMessage } from './table/no-runs';
import { tableView } from './table/table-view';
import { type Undo, undoAll } from './undo';
import type { Page, View } from './view';

interface Kind {
  readonly view: View;
  /** The word on its switch. */
  readonly word: string;
  /** What it is, for those who hear it. */
  readonly label: string;
  /** Whether what is chosen in it filters other panels, also while another one is in front. */
  readonly isFilter: boolean;
}

/** What a page can show, in the order in which it stands there. */
export const KINDS: Readonly<Record<Panel, Kind>> = {
  history: { view: historyView, word: 'History', label: 'History of a metric', isFilter: true },
  parallel: { view: parallelView, word: 'Parallel', label: 'Params and metrics as parallel axes', isFilter: true },
  scatter: { view: scatterView, word: 'Scatter', label: 'Runs as points', isFilter: true },
  importance: { view: importanceView, word: 'Importance', label: 'Which params are important', isFilter: false },
  table: { view: tableView, word: 'Table', label: 'Table of runs', isFilter: true },
  // Below what is pointed at: they grow and shrink with it.
  diff: { view: diffView, word: 'Diff', label: 'In what runs differ', isFilter: false },
  artifacts: {
    view: artifactsView,
    word: 'Artifacts',
    label: 'Figures, files and predictions of runs',
    isFilter: false,
  },
};
/** Their order. */
export const ORDER = Object.keys(KINDS) as Panel[];

/** The id of a panel's element. */
export function panelId({ id }: Pick<Page, 'id'>, panel: Panel): string {
  return `${id}-${panel}`;
}

/** Draws the panels that the page's state names, as it lays them out, and follows it. */
export function mountPanels(root: HTMLElement, page: Page): Undo {
  const { state, table } = page;
  const shown = new Map<Panel, { element: HTMLElement; dispose: Undo }>();
  const empty = make('div', { class: 'trackside-empty', role: 'status' });
  const container = make('div', { class: 'trackside-panels' });
  root.append(empty, container);

  const show = (panel: Panel): void => {
    const { label, view, word } = KINDS[panel];
    const head = tileHead(panel, word, state);
    const element = make(
      'section',
      { class: 'trackside-panel', id: panelId(page, panel), 'data-panel': panel, 'aria-label': label },
      head.element,
    );
    const next = ORDER.slice(ORDER.indexOf(panel) + 1).find((later) => shown.has(later));
    container.insertBefore(element, next ? (shown.get(next)?.element ?? null) : null);
    layOut(panel, element);
    const dispose = view(element, page);
    shown.set(panel, { element, dispose: undoAll([head.dispose, dispose, () => element.remove()]) });
  };
  const hide = (panel: Panel): void => {
    shown.get(panel)?.dispose();
    shown.delete(panel);
  };
  /** Where another panel is in front, this one still filters, but nobody sees it. */
  const layOut = (panel: Panel, element: HTMLElement): void => {
    const front = frontPanel(state.value);
    element.hidden = front !== null && panel !== front;
    element.toggleAttribute('data-front', panel === front);
    element.setAttribute('role', state.value.layout === 'tabs' ? 'tabpanel' : 'region');
  };
  const showEmpty = (): void => {
    const isEmpty = table.value.run_ids.length === 0;
    empty.hidden = !isEmpty;
    container.hidden = isEmpty;
    empty.replaceChildren(...(isEmpty ? [noRunsMessage(page)] : []));
  };
  const follow = (): void => {
    container.dataset['layout'] = state.value.layout ?? 'stack';
    const front = frontPanel(state.value);
    const wanted = new Set(
      state.value.panels.filter((panel) => front === null || panel === front || KINDS[panel].isFilter),
    );
    for (const [panel, { element }] of shown) {
      layOut(panel, element);
    }
    for (const panel of ORDER) {
      if (wanted.has(panel) !== shown.has(panel)) {
        (wanted.has(panel) ? show : hide)(panel);
      }
    }
  };
  follow();
  showEmpty();
  return undoAll([
    () => container.remove(),
    () => empty.remove(),
    state.subscribe(follow),
    table.subscribe(showEmpty),
    () => [...shown.keys()].forEach(hide),
  ]);
}
