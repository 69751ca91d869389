import { make } from '../elements';
import { popover } from '../popover';
import { hasWords } from '../search';
import type { Undo } from '../undo';
import type { Page } from '../view';
import { drawnMetrics } from './drawn-metrics';

/** A button that opens the list of metrics: tick those whose history to draw. */
export function metricsMenu(page: Page): { element: HTMLElement; show: () => void; dispose: Undo } {
  const search = make('input', {
    type: 'search',
    placeholder: 'Find a metric',
    'aria-label': 'Find a metric',
    title: 'Enter draws the first one found, and no other',
  });
  const list = make('ul', { 'aria-label': 'Metrics: tick those to draw' });
  const panel = make('div', { class: 'trackside-metrics-list', role: 'dialog', 'aria-label': 'Metrics' }, search, list);
  const menu = popover('', '', panel, () => {
    show();
    return search;
  });
  menu.button.classList.add('trackside-metrics-button');

  const drawn = (): string[] => drawnMetrics(page.state.value, page.table.value);
  const choose = (metrics: string[]): void => {
    page.state.value = { ...page.state.value, metrics };
  };
  const found = (): string[] => findMetrics(page.table.value.metrics, search.value);
  const item = (metric: string, chosen: readonly string[]): HTMLElement => {
    const box = make('input', { type: 'checkbox', change: () => choose(toggled(drawn(), metric)) });
    box.checked = chosen.includes(metric);
    const only = `Draw ${metric} and no other`;
    return make(
      'li',
      { 'data-metric': metric },
      make('label', { title: metric }, box, make('span', {}, metric)),
      make('button', { type: 'button', title: only, 'aria-label': only, click: () => choose([metric]) }, 'only'),
    );
  };
  const show = (): void => {
    const chosen = drawn();
    menu.button.textContent = `${buttonText(chosen)} ▾`;
    menu.button.title = `Metrics drawn: ${chosen.join(', ') || 'none'}`;
    if (!panel.hidden) {
      const focused = list.querySelector<HTMLElement>('li:focus-within')?.dataset['metric'];
      list.replaceChildren(...found().map((metric) => item(metric, chosen)));
      list.querySelector<HTMLElement>(`li[data-metric="${CSS.escape(focused ?? '')}"] input`)?.focus();
    }
  };
  search.addEventListener('input', show);
  search.addEventListener('keydown', (event) => {
    const [first] = found();
    if (event.key === 'Enter' && first !== undefined) {
      choose([first]);
      menu.open(false);
    }
  });
  return { element: menu.element, show, dispose: menu.dispose };
}

/** The metrics in whose names every word of `text` stands, upper or lower case. */
export function findMetrics(metrics: readonly string[], text: string): string[] {
  return metrics.filter((metric) => hasWords(metric, text));
}

/** The metrics drawn after one was ticked or unticked; the last one stays. */
export function toggled(drawn: readonly string[], metric: string): string[] {
  const others = drawn.filter((one) => one !== metric);
  return others.length < drawn.length && others.length > 0 ? others : [...others, metric];
}

function buttonText(chosen: readonly string[]): string {
  return chosen.length === 1 ? (chosen[0] ?? '') : chosen.length === 0 ? 'no metric' : `${chosen.length} metrics`;
}
