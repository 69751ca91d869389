import type { Choice } from '../controls';
import { chooser, segments, slider, toggle } from '../controls';
import { make } from '../elements';
import type { Page } from '../view';
import type { ViewState } from '../wire';

/** More makes the average so slow that it no longer follows anything. */
const MOST_SMOOTHING = 0.99;

/** The metric drawn: the chosen one, or else the main one. */
export function drawnMetric(page: Page): string | null {
  const { metrics } = page.table.value;
  const chosen = page.state.value.metric ?? null;
  return chosen !== null && metrics.includes(chosen) ? chosen : (metrics[0] ?? null);
}

/** The toolbar of the history view. It writes into the page's state and shows what is there. */
export class HistoryControls {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #metric = chooser('Metric', (metric) => this.#set({ metric }));
  readonly #x = segments(
    'x axis',
    [
      { value: 'step', label: 'step', title: 'x axis: the step that was logged' },
      { value: 'relative', label: 'relative', title: "x axis: time since the run's first point" },
      { value: 'wall', label: 'wall', title: 'x axis: the time of day' },
    ],
    (x) => this.#set({ x }),
  );
  readonly #smoothing = slider(
    'smooth',
    'Exponential moving average of the points drawn, debiased as in TensorBoard; the raw line stays behind',
    MOST_SMOOTHING,
    (smoothing) => this.#set({ smoothing }),
  );
  readonly #logX = toggle('log x', 'Logarithmic x axis', (pressed) => this.#set({ log_x: pressed }));
  readonly #logY = toggle('log y', 'Logarithmic y axis', (pressed) => this.#set({ log_y: pressed }));
  readonly #reset: HTMLButtonElement;

  constructor(page: Page, reset: () => void) {
    this.#page = page;
    const hint = 'Show all of the x axis again (double-click on the chart, or 0)';
    this.#reset = make('button', { type: 'button', title: hint, hidden: true, click: reset }, 'reset zoom');
    const parts = [this.#metric, this.#x, this.#smoothing, this.#logX, this.#logY];
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
    const choices: Choice[] = this.#page.table.value.metrics.map((metric) => ({ value: metric, label: metric }));
    this.#metric.show({ value: drawnMetric(this.#page) ?? '', choices });
    this.#x.show(state.x ?? 'step');
    this.#smoothing.show(state.smoothing ?? 0);
    this.#logX.show(state.log_x ?? false);
    this.#logY.show(state.log_y ?? false);
    this.#reset.hidden = !zoomed;
  }

  #set(change: Partial<ViewState>): void {
    this.#page.state.value = { ...this.#page.state.value, ...change };
  }
}
