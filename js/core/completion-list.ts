import { type Completion, complete } from './completion';
import { make } from './elements';
import { showOver } from './show-over';
import type { Undo } from './undo';
import type { RunTable } from './wire';

/** What may stand at the caret of a text box, offered below it. */
export interface CompletionList {
  readonly element: HTMLElement;
  /** Offers what may stand there now. */
  suggest(): void;
  close(): void;
  isOpen(): boolean;
  /** Walks through what is offered, takes one, closes it. Tells whether the key meant the list. */
  handle(event: KeyboardEvent): boolean;
  readonly dispose: Undo;
}

// Ids are of the whole document, in which several boxes may stand.
let lists = 0;

/** Makes the list of `input`; `taken` is told when a suggestion has become part of the text. */
export function completionList(input: HTMLInputElement, table: () => RunTable, taken: () => void): CompletionList {
  const id = `trackside-completion-${++lists}`;
  const element = make('ul', { id, class: 'trackside-completion', role: 'listbox', 'aria-label': 'Suggestions' });
  let completion: Completion | null = null;
  let active = -1;
  let stopShowing: Undo = () => undefined;
  const roles = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': id, 'aria-haspopup': 'listbox' };
  for (const [name, value] of Object.entries(roles)) {
    input.setAttribute(name, value);
  }

  const show = (): void => {
    const suggestions = completion?.suggestions ?? [];
    stopShowing();
    element.hidden = suggestions.length === 0;
    input.setAttribute('aria-expanded', String(!element.hidden));
    element.replaceChildren(
      ...suggestions.map(({ text, kind }, at) =>
        make(
          'li',
          {
            id: `${id}-${at}`,
            role: 'option',
            'aria-selected': String(at === active),
            // The box keeps the focus.
            pointerdown: (event) => {
              event.preventDefault();
              take(at);
            },
          },
          make('span', {}, text),
          make('small', {}, kind),
        ),
      ),
    );
    stopShowing = element.hidden ? () => undefined : showOver(element, input);
    if (active >= 0) {
      input.setAttribute('aria-activedescendant', `${id}-${active}`);
    } else {
      input.removeAttribute('aria-activedescendant');
    }
  };
  const offer = (next: Completion | null): void => {
    completion = next;
    active = -1;
    show();
  };
  const suggest = (): void => offer(complete(input.value, input.selectionStart ?? input.value.length, table()));
  const take = (at: number): void => {
    const chosen = completion?.suggestions[at];
    if (completion === null || chosen === undefined) {
      return;
    }
    const { from, to } = completion;
    const rest = input.value.slice(to);
    const text = `${input.value.slice(0, from)}${chosen.text} `;
    input.value = text + rest.replace(/^ /, '');
    input.setSelectionRange(text.length, text.length);
    taken();
    suggest();
  };
  const handle = ({ key }: KeyboardEvent): boolean => {
    const count = completion?.suggestions.length ?? 0;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step !== undefined && count === 0) {
      suggest();
      return completion !== null;
    }
    if (step !== undefined) {
      // One place more than there are suggestions: none.
      active = ((active + 1 + step + count + 1) % (count + 1)) - 1;
      show();
      return true;
    }
    if ((key === 'Enter' || key === 'Tab') && active >= 0) {
      take(active);
      return true;
    }
    if (key === 'Escape' && count > 0) {
      offer(null);
      return true;
    }
    return false;
  };
  const close = (): void => offer(null);
  input.addEventListener('blur', close);
  show();
  const isOpen = (): boolean => !element.hidden;
  const dispose = (): void => {
    stopShowing();
    input.removeEventListener('blur', close);
  };
  return { element, suggest, close, isOpen, handle, dispose };
}
