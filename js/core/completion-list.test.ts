import { expect, test } from 'vitest';
import { examplePage, exampleTable } from './example-runs';
import { FakeSource } from './fake-source';
import { filterBox } from './filter-box';

function openBox(text: string): { input: HTMLInputElement; offered: () => string[]; press: (key: string) => void } {
  const source = new FakeSource({ table: exampleTable, answer: () => ({ answer: 'filter', run_ids: ['a'] }) });
  const box = filterBox(examplePage(source));
  const input = box.input.querySelector('input') ?? document.createElement('input');
  input.value = text;
  input.setSelectionRange(text.length, text.length);
  input.dispatchEvent(new Event('input'));
  return {
    input,
    offered: () => [...box.input.querySelectorAll('li span')].map((span) => span.textContent ?? ''),
    press: (key) => void input.dispatchEvent(new KeyboardEvent('keydown', { key })),
  };
}

test('a suggestion that is taken goes on to what may follow it', () => {
  const { input, offered, press } = openBox('acc');
  expect(offered()).toEqual(['accuracy']);
  press('ArrowDown');
  expect(input.getAttribute('aria-activedescendant')).toMatch(/-0$/);
  press('Enter');
  expect(input.value).toBe('accuracy ');
  expect(offered()).toEqual(['=', '!=', '<', '<=', '>', '>=']);
});

test('Enter without a chosen suggestion filters, and closes the list', () => {
  const { input, offered, press } = openBox('acc');
  press('Enter');
  expect(input.value).toBe('acc');
  expect(offered()).toEqual([]);
});

test('Escape closes the list, and an arrow key opens it again', () => {
  const { input, offered, press } = openBox('acc');
  press('Escape');
  expect(input.getAttribute('aria-expanded')).toBe('false');
  press('ArrowDown');
  expect(offered()).toEqual(['accuracy']);
});
