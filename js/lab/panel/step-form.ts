import type { TranslationBundle } from '@jupyterlab/translation';
import { problemOf } from '../../core/asker';
import { make } from '../../core/elements';

/** What is to be said of a step: a text, or one of some words. */
export interface Field {
  readonly name: string;
  readonly label: string;
  /** What stands in it at first. */
  readonly value?: string;
  readonly options?: readonly string[];
  readonly required?: boolean;
}

/**
 * A form for a step that needs a reason. `act` gets what was given by the fields' names, and tells whether it is done:
 * the form then goes by `close`; what it throws is told in the form.
 */
export function stepForm(
  word: string,
  fields: readonly Field[],
  act: (given: Readonly<Record<string, string>>) => Promise<boolean>,
  close: () => void,
  trans: TranslationBundle,
): HTMLFormElement {
  const problem = make('p', { class: 'trackside-problem', role: 'alert' });
  const submit = make('button', { type: 'submit' }, word);
  const given = (): Record<string, string> =>
    Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    submit.disabled = true;
    problem.replaceChildren();
    try {
      if (await act(given())) {
        close();
      }
    } catch (error) {
      problem.textContent = problemOf(error);
    }
    submit.disabled = false;
  };
  const form = make(
    'form',
    {
      class: 'trackside-toolbar trackside-step',
      'aria-label': word,
      submit: (event) => void send(event),
      keydown: (event) => {
        event.stopPropagation(); // Letters are commands elsewhere.
        if ((event as KeyboardEvent).key === 'Escape') {
          close();
        }
      },
    },
    ...fields.map(control),
    submit,
    make('button', { type: 'button', click: close }, trans.__('Cancel')),
    problem,
  );
  return form;
}

function control({ name, label, value = '', options, required = false }: Field): HTMLElement {
  if (options !== undefined) {
    const made = options.map((option) => make('option', { value: option, selected: option === value }, option));
    return make('select', { name, 'aria-label': label }, ...made);
  }
  const input = make('input', {
    name,
    type: 'text',
    'aria-label': label,
    placeholder: label,
    maxlength: '1000',
    required,
  });
  input.value = value;
  return input;
}
