import { make } from '../elements';
import { findColumn, runName, runNames, runRows } from '../runs';
import { tagInput } from '../tag-input';
import { parseTag, TAG_WANTED } from '../tags';
import type { Page } from '../view';
import { editCell } from './cell-editor';
import { NOTE_KEY } from './run-cell';

/** What can be written of a run in its row. */
export type Written = 'name' | 'note' | 'tag';

/**
 * Opens an editor in the cell of a run's row that shows what is to be written or, where that is not in sight, in the
 * name's. `held` is told when it opens and when it is gone: nothing is to be drawn meanwhile.
 */
export function writeInRow(
  row: HTMLElement,
  run: string,
  what: Written,
  page: Page,
  held: (is: boolean) => void,
): void {
  const cell = row.querySelector<HTMLElement>(`[data-writes="${what}"]`) ?? row.querySelector('th');
  if (!cell) {
    return;
  }
  const { marks, table } = page;
  const name = runName(run, table.value);
  const at = runRows(table.value).get(run) ?? -1;
  const edit = (
    input: HTMLInputElement,
    keep: (text: string) => Promise<void>,
    wanted?: (text: string) => string | null,
  ): void => {
    held(true);
    const done = (next: string | null): void => {
      held(false);
      if (next !== null) {
        void keep(next);
      }
    };
    editCell(cell, input, done, wanted);
  };
  if (what === 'name') {
    const input = textInput(`Name of ${name}`, runNames(table.value)[at] ?? '');
    input.placeholder = 'Empty: its first name';
    edit(input, (text) => marks.rename(run, text));
  } else if (what === 'note') {
    const note = findColumn(table.value, NOTE_KEY)?.values[at] ?? '';
    edit(textInput(`Note on ${name}`, String(note)), (text) => marks.note(run, text));
  } else {
    const { input, list, offer } = tagInput(`Tag for ${name}`);
    offer(table.value);
    const keep = async (text: string): Promise<void> => {
      const tag = parseTag(text);
      await (tag && marks.tag([run], tag.key, tag.value));
    };
    edit(input, keep, (text) => (parseTag(text) ? null : TAG_WANTED));
    input.after(list);
  }
}

function textInput(label: string, text: string): HTMLInputElement {
  const input = make('input', { type: 'text', 'aria-label': label, placeholder: label, maxlength: '1000' });
  input.value = text;
  return input;
}
