import { make } from './elements';
import { type Undo, undoAll } from './undo';
import type { Page } from './view';

const TYPING_PAUSE_MS = 450;
const FILTER = 'filter';

/** A box for conditions on runs. It sets the selection's filter of its name and says what is wrong with a condition. */
export interface FilterBox {
  readonly input: HTMLElement;
  /** Why the condition cannot be used, in one line; empty if it can. */
  readonly problem: HTMLElement;
  readonly dispose: Undo;
}

/** Makes the box; the condition in the page's state holds from the start. */
export function filterBox(page: Page): FilterBox {
  const input = make('input', {
    type: 'search',
    spellcheck: 'false',
    autocomplete: 'off',
    placeholder: page.source.live ? 'Filter: lr < 0.01 and val_loss < 0.3' : 'Search these runs',
    'aria-label': 'Filter runs by a condition on their params and metrics',
  });
  input.value = page.state.value.filter ?? '';
  const problem = make('div', { class: 'trackside-problem', role: 'status' });
  let asking = new AbortController();
  let pause: ReturnType<typeof setTimeout> | undefined;

  const show = (message: string): void => {
    problem.textContent = message;
    input.setAttribute('aria-invalid', String(message !== ''));
  };
  const apply = async (): Promise<void> => {
    clearTimeout(pause);
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const expression = input.value.trim();
    input.setAttribute('aria-busy', String(expression !== ''));
    try {
      await applyFilter(page, expression, signal);
      show('');
    } catch (error) {
      if (!signal.aborted) {
        show(error instanceof Error ? error.message : String(error));
      }
    } finally {
      if (asking.signal === signal) {
        input.removeAttribute('aria-busy');
      }
    }
  };
  input.addEventListener('input', () => {
    clearTimeout(pause);
    pause = setTimeout(() => void apply(), input.value === '' ? 0 : TYPING_PAUSE_MS);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      void apply();
    }
    // The host must not take typing for its own shortcuts.
    event.stopPropagation();
  });
  const undo = undoAll([
    () => clearTimeout(pause),
    () => asking.abort(),
    page.table.subscribe(() => void (page.state.value.filter && apply())),
    page.state.subscribe((state) => {
      if (state.filter === '' && input.value !== '' && !page.selection.filters.value.has(FILTER)) {
        input.value = '';
        show('');
      }
    }),
  ]);
  if (input.value !== '') {
    void apply();
  }
  return {
    input: make('div', { class: 'trackside-filter' }, input),
    problem,
    dispose: undo,
  };
}

/** Lets only the runs pass that fulfil `expression`; the empty one lets all pass. Rejects with why it cannot be used. */
export async function applyFilter(page: Page, expression: string, signal: AbortSignal): Promise<void> {
  const { include_hidden = false } = page.state.value;
  const passing =
    expression === ''
      ? null
      : new Set((await page.source.ask({ ask: 'filter', expression, include_hidden }, signal)).run_ids);
  signal.throwIfAborted();
  page.selection.setFilter(FILTER, passing);
  if (page.state.value.filter !== expression) {
    page.state.value = { ...page.state.value, filter: expression };
  }
}
