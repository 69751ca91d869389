import { artifactsView } from './artifacts/artifacts-view';
import { diffView } from './diff/diff-view';
import { make } from './elements';
import { historyView } from './history/history-view';
import { importanceView } from './importance/importance-view';
import { parallelView } from './parallel/parallel-view';
import { scatterView } from './scatter/scatter-view';
import { tableView } from './table/table-view';
import { type Undo, undoAll } from './undo';
import type { Page, View } from './view';
import type { ViewState } from './wire';

export type Panel = ViewState['panels'][number];

interface Kind {
  readonly view: View;
  /** The word on its switch. */
  readonly word: string;
  /** What it is, for those who hear it. */
  readonly label: string;
}

/** What a page can show, in the order in which it stands there. */
const KINDS: Record<Panel, Kind> = {
  history: { view: historyView, word: 'History', label: 'History of a metric' },
  parallel: { view: parallelView, word: 'Parallel', label: 'Params and metrics as parallel axes' },
  scatter: { view: scatterView, word: 'Scatter', label: 'Runs as points' },
  importance: { view: importanceView, word: 'Importance', label: 'Which params are important' },
  table: { view: tableView, word: 'Table', label: 'Table of runs' },
  // Below what is pointed at: they grow and shrink with it.
  diff: { view: diffView, word: 'Diff', label: 'In what runs differ' },
  artifacts: { view: artifactsView, word: 'Artifacts', label: 'Figures, files and predictions of runs' },
};
const ORDER = Object.keys(KINDS) as Panel[];

/** Draws the panels that the page's state names, and follows it. */
export function mountPanels(root: HTMLElement, { state, ...page }: Page): Undo {
  const shown = new Map<Panel, Undo>();
  const section = (panel: Panel): HTMLElement =>
    make('section', { class: 'trackside-panel', 'data-panel': panel, 'aria-label': KINDS[panel].label });

  const show = (panel: Panel): void => {
    const element = section(panel);
    const next = ORDER.slice(ORDER.indexOf(panel) + 1).find((later) => shown.has(later));
    root.insertBefore(element, next ? root.querySelector(`:scope > [data-panel="${next}"]`) : null);
    const dispose = KINDS[panel].view(element, { state, ...page });
    shown.set(panel, undoAll([dispose, () => element.remove()]));
  };
  const hide = (panel: Panel): void => {
    shown.get(panel)?.();
    shown.delete(panel);
  };
  const follow = (): void => {
    const wanted = new Set(state.value.panels);
    for (const panel of ORDER) {
      if (wanted.has(panel) !== shown.has(panel)) {
        (wanted.has(panel) ? show : hide)(panel);
      }
    }
  };
  follow();
  return undoAll([state.subscribe(follow), () => [...shown.keys()].forEach(hide)]);
}

/** A row of switches, one for each panel. */
export function panelSwitches({ state }: Pick<Page, 'state'>): { element: HTMLElement; dispose: Undo } {
  const buttons = ORDER.map((panel) =>
    make(
      'button',
      {
        type: 'button',
        value: panel,
        title: `${KINDS[panel].label}. Shift-click shows nothing else.`,
        click: (event) => {
          const alone = (event as MouseEvent).shiftKey;
          state.value = { ...state.value, panels: switched(state.value.panels, panel, alone) };
        },
      },
      KINDS[panel].word,
    ),
  );
  const show = (): void => {
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(state.value.panels.includes(button.value as Panel)));
    }
  };
  show();
  const element = make('span', { class: 'trackside-switches', role: 'group', 'aria-label': 'Panels' }, ...buttons);
  return { element, dispose: state.subscribe(show) };
}

/** The panels after a switch was used; the last one stays. */
export function switched(panels: readonly Panel[], panel: Panel, alone: boolean): Panel[] {
  const wanted = new Set(panels);
  if (alone) {
    return [panel];
  }
  if (!wanted.delete(panel)) {
    wanted.add(panel);
  }
  return wanted.size > 0 ? ORDER.filter((each) => wanted.has(each)) : [...panels];
}
