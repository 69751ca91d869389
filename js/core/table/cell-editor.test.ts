import { expect, test } from 'vitest';
import { make } from '../elements';
import { editCell } from './cell-editor';

function edit(
  note: string,
  text: string,
  end: (input: HTMLInputElement) => void,
  wanted?: (text: string) => string | null,
): { told: unknown[]; cell: HTMLElement } {
  const cell = make('td', {}, note);
  document.body.append(cell);
  const told: unknown[] = [];
  const input = make('input');
  input.value = note;
  editCell(cell, input, (next) => told.push(next), wanted);
  input.value = text;
  end(input);
  cell.remove();
  return { told, cell };
}
const press = (key: string) => (input: HTMLInputElement) =>
  void input.dispatchEvent(new KeyboardEvent('keydown', { key }));

test('Enter and leaving keep a text, once', () => {
  expect(edit('old', ' new ', press('Enter')).told).toEqual(['new']);
  expect(edit('old', 'new', (input) => input.dispatchEvent(new FocusEvent('blur'))).told).toEqual(['new']);
  expect(edit('old', '', press('Enter')).told).toEqual(['']);
});

test('Escape and a text that is as it was change nothing', () => {
  expect(edit('old', 'new', press('Escape')).told).toEqual([null]);
  expect(edit('old', 'old', press('Enter')).told).toEqual([null]);
  expect(edit('old', 'new', press('Escape')).cell.textContent).toBe('old');
});

test('Enter keeps no text in which something is missing: the editor stays and says what', () => {
  const wanted = (text: string) => (text === '' ? 'Write a tag' : null);
  const said: string[] = [];
  const enter = (input: HTMLInputElement): void => {
    press('Enter')(input);
    said.push(input.validationMessage, String(document.activeElement === input));
  };
  expect(edit('', '', enter, wanted).told).toEqual([]);
  expect(said).toEqual(['Write a tag', 'true']);
  expect(edit('', '', (input) => input.dispatchEvent(new FocusEvent('blur')), wanted).told).toEqual([null]);
  expect(edit('', 'new', press('Enter'), wanted).told).toEqual(['new']);
});
