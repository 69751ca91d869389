import { completionList } from './completion-list';
import { make } from './elements';
import { included } from './included';
import { kindOfFilter, searchRuns } from './search';
import { type Undo, undoAll } from './undo';
import type { Page } from './view';

/** What is looked for here can be applied sooner than what a kernel must be asked for. */
const PAUSE_MS = { words: 120, condition: 250, unclear: 250 };
/** After so long a text that is no condition, or that nothing fulfils, is no longer taken for the beginning of another. */
const THINKING_PAUSE_MS = 1000;
/** When a text is applied: while it may be the beginning of another, after a pause, or as it was entered. */
type Moment = 'typing' | 'pausing' | 'entered';
/** Under this name the box filters the page. */
export const FILTER = 'filter';

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
    placeholder: 'Find words, or filter: lr < 0.01 and loss < 0.3',
    'aria-label': 'Find runs by words in their names and tags, or by a condition on their params and metrics',
  });
  input.value = page.state.value.filter ?? '';
  const id = `${page.id}-filter-problem`;
  const problem = make('div', { id, class: 'trackside-problem trackside-filter-problem', role: 'status' });
  input.setAttribute('aria-describedby', id);
  let known = input.value;
  let asking = new AbortController();
  let pause: ReturnType<typeof setTimeout> | undefined;

  const show = (message: string): void => {
    problem.textContent = problem.title = message;
    input.setAttribute('aria-invalid', String(message !== ''));
  };
  const apply = async (moment: Moment = 'entered'): Promise<void> => {
    clearTimeout(pause);
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const expression = input.value.trim();
    const mayBeEmpty = moment === 'entered' || (moment === 'pausing' && !completion.isOpen());
    input.setAttribute('aria-busy', String(expression !== ''));
    let isApplied = false;
    try {
      isApplied = await applyFilter(page, expression, signal, mayBeEmpty);
      show('');
    } catch (error) {
      if (!signal.aborted && moment !== 'typing') {
        show(`${error instanceof Error ? error.message : error} — ${whatHolds(page)}`);
      }
    }
    if (signal.aborted) {
      return; // another text is looked at
    }
    if (!isApplied && moment === 'typing') {
      pause = setTimeout(() => void apply('pausing'), THINKING_PAUSE_MS);
    } else {
      input.removeAttribute('aria-busy');
    }
  };
  const plan = (): void => {
    clearTimeout(pause);
    asking.abort();
    show('');
    const text = input.value.trim();
    input.setAttribute('aria-busy', String(text !== ''));
    const wait = text === '' ? 0 : PAUSE_MS[kindOfFilter(text, page.table.value)];
    pause = setTimeout(() => void apply(text === '' ? 'entered' : 'typing'), wait);
  };
  const completion = completionList(input, () => page.table.value, plan);
  input.addEventListener('input', () => {
    plan();
    completion.suggest();
  });
  input.addEventListener('keydown', (event) => {
    if (completion.handle(event)) {
      event.preventDefault();
    } else if (event.key === 'Enter') {
      completion.close();
      void apply();
    }
    // The host must not take typing for its own shortcuts.
    event.stopPropagation();
  });
  const undo = undoAll([
    () => clearTimeout(pause),
    () => asking.abort(),
    completion.dispose,
    page.table.subscribe(() => {
      const { filter } = page.state.value;
      // What was refused, such as by a kernel that is back now, may be right with what is known now.
      if ((filter && filter === input.value.trim()) || problem.textContent !== '') {
        void apply();
      }
    }),
    page.state.subscribe(({ filter = '' }) => {
      if (filter !== known && filter !== input.value.trim()) {
        input.value = filter; // somebody else chose it, or took it away
        void apply();
      }
      known = filter;
    }),
  ]);
  if (input.value !== '') {
    void apply();
  }
  return {
    input: make('div', { class: 'trackside-filter' }, input, completion.element),
    problem,
    dispose: undo,
  };
}

/**
 * Lets only the runs pass that fulfil `expression` or, where that is plain words, have them in their names; the empty
 * one lets all pass. What no run fulfils changes nothing unless the page `mayBeEmpty`. Tells
 * whether it was applied; rejects with why it cannot be used.
 */
export async function applyFilter(
  page: Page,
  expression: string,
  signal: AbortSignal,
  mayBeEmpty = true,
): Promise<boolean> {
  const passing = expression === '' ? null : new Set(await findRuns(page, expression, signal));
  signal.throwIfAborted();
  if (passing?.size === 0 && !mayBeEmpty) {
    return false;
  }
  page.selection.setFilter(FILTER, passing);
  if (page.state.value.filter !== expression) {
    page.state.value = { ...page.state.value, filter: expression };
  }
  return true;
}

/**
 * The runs of the page that `expression` finds, all where it is empty. Words need no kernel; what may be either is a
 * condition if the kernel takes it for one.
 */
export async function findRuns(page: Page, expression: string, signal: AbortSignal): Promise<readonly string[]> {
  const kind = kindOfFilter(expression, page.table.value);
  if (kind === 'words') {
    return searchRuns(page.table.value, expression);
  }
  const question = { ask: 'filter', expression, ...included(page.state.value) } as const;
  try {
    return (await page.source.ask(question, signal)).run_ids;
  } catch (error) {
    if (kind === 'unclear' && !signal.aborted) {
      return searchRuns(page.table.value, expression);
    }
    throw error;
  }
}

/** What still holds after a condition that cannot be used: what is shown must not be taken for its answer. */
function whatHolds({ selection, state }: Page): string {
  return selection.filters.value.has(FILTER) ? `still filtered by: ${state.value.filter}` : 'all runs are still shown';
}
