import { type Choice, chooser, segments, slider, toggle } from '../controls';
import { make } from '../elements';
import { tagOf } from '../tags';
import type { Undo } from '../undo';
import type { Page } from '../view';
import type { RunTable, ViewState } from '../wire';
import { epochMetrics, metricAxis, xTitle } from './axes';
import { metricsMenu } from './metrics-menu';

/** More makes the average so slow that it no longer follows anything. */
const MOST_SMOOTHING = 0.99;
const RUN_GROUPS: ReadonlySet<string> = new Set(['run:group', 'run:experiment', 'run:user', 'run:notebook']);

/** The toolbar of the history view. It writes into the page's state and shows what is there. */
export class HistoryControls {
  readonly element: HTMLElement;
  readonly dispose: Undo;
  readonly #page: Page;
  readonly #metrics: ReturnType<typeof metricsMenu>;
  readonly #x = chooser('x axis', (x) => this.#set({ x }));
  readonly #smoothing = slider(
    'smooth',
    'Exponential moving average of the points drawn, debiased as in TensorBoard; the raw line stays behind',
    MOST_SMOOTHING,
    (smoothing) => this.#set({ smoothing }),
  );
  readonly #logX = toggle('log x', 'Logarithmic x axis', (pressed) => this.#set({ log_x: pressed }));
  readonly #logY = toggle('log y', 'Logarithmic y axis', (pressed) => this.#set({ log_y: pressed }));
  readonly #clip = toggle('clip y', 'Leave the most extreme 2 % on either side out of the y axis', (pressed) =>
    this.#set({ clip_outliers: pressed }),
  );
  readonly #group = chooser('Group runs by', (key) => this.#set({ group_by: key || null }));
  readonly #band = segments<NonNullable<ViewState['band']>>(
    'Band of a group',
    [
      { value: 'std', label: 'mean ± std', title: 'A group is its mean, with one standard deviation on both sides' },
      { value: 'quartiles', label: 'quartiles', title: 'A group is its median, with its quartiles' },
    ],
    (band) => this.#set({ band }),
  );
  readonly #reset: HTMLButtonElement;

  constructor(page: Page, reset: () => void) {
    this.#page = page;
    this.#metrics = metricsMenu(page);
    this.dispose = this.#metrics.dispose;
    const hint = 'Show all of the x axis again (double-click on the chart, or 0)';
    this.#reset = make('button', { type: 'button', title: hint, hidden: true, click: reset }, 'reset zoom');
    const parts = [
      this.#metrics,
      this.#x,
      this.#group,
      this.#band,
      this.#smoothing,
      this.#logX,
      this.#logY,
      this.#clip,
    ];
    this.element = make(
      'div',
      { class: 'trackside-toolbar', role: 'toolbar', 'aria-label': 'History' },
      ...parts.map((part) => part.element),
      this.#reset,
    );
  }

  /** Shows the page's state. */
  show(zoomed: boolean): void {
    const state = this.#page.state.value;
    const table = this.#page.table.value;
    this.#metrics.show();
    this.#x.show({ value: state.x ?? 'step', choices: xChoices(table, state.x ?? 'step') });
    const groups = groupChoices(table, state.group_by ?? null);
    this.#group.show({ value: state.group_by ?? '', choices: groups });
    this.#group.element.hidden = groups.length === 1;
    this.#band.show(state.band ?? 'std');
    this.#band.element.hidden = !state.group_by;
    this.#smoothing.show(state.smoothing ?? 0);
    this.#logX.show(state.log_x ?? false);
    this.#logY.show(state.log_y ?? false);
    this.#clip.show(state.clip_outliers ?? false);
    this.#reset.hidden = !zoomed;
  }

  #set(change: Partial<ViewState>): void {
    this.#page.state.value = { ...this.#page.state.value, ...change };
  }
}

/** What may be the x axis: step, epochs where there are any, time, then every other metric. */
export function xChoices({ metrics }: RunTable, chosen: string): Choice[] {
  const epochs = epochMetrics(metrics).map(metricAxis);
  const others = metrics.map(metricAxis).filter((axis) => !epochs.includes(axis));
  const all = new Set(['step', ...epochs, 'relative', 'wall', ...others, chosen]);
  const word = (x: string): string => (x === 'relative' || x === 'wall' ? `${x} time` : xTitle(x));
  return [...all].map((x) => ({ value: x, label: `x: ${word(x)}` }));
}

/** What runs may be grouped by: columns of params, tags and the like in which some runs are alike and some are not. */
export function groupChoices({ columns, run_ids }: RunTable, chosen: string | null): Choice[] {
  const grouping = columns.filter((column) => {
    const { key, group, values } = column;
    const count = new Set(values).size;
    const isFit = group === 'param' || tagOf(column) !== null || RUN_GROUPS.has(key);
    return key === chosen || (isFit && count > 1 && count < run_ids.length);
  });
  return [
    { value: '', label: 'group: none' },
    ...grouping.map(({ key, name }) => ({ value: key, label: `group: ${name}` })),
  ];
}
