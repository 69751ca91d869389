import { make } from './elements';
import { knownTags } from './tags';
import type { RunTable } from './wire';

// Ids are of the whole document, in which several lists may stand.
let lists = 0;

/** A text box for a tag, which completes what runs have, and the list that it completes from. */
export function tagInput(label: string): { input: HTMLInputElement; list: HTMLElement; offer(table: RunTable): void } {
  const id = `trackside-tags-${++lists}`;
  const list = make('datalist', { id });
  const input = make('input', {
    type: 'text',
    list: id,
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: '1000',
    placeholder: 'stage=final',
    'aria-label': label,
  });
  const offer = (table: RunTable): void => {
    list.replaceChildren(...knownTags(table).map((value) => make('option', { value })));
  };
  return { input, list, offer };
}
