import { expect, it } from 'vitest';
import { make } from './elements';
import { keyList } from './key-list';

it('opens at a question mark, but not while one is typed, and gives the focus back to its button', () => {
  const input = make('input');
  const row = make('div', { tabindex: '0' });
  const root = make('div', {}, input, row);
  const list = keyList(root);
  root.append(list.element);
  document.body.append(root);
  const press = (target: Element, key: string): boolean =>
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  press(input, '?');
  expect(list.panel.hidden).toBe(true);
  press(row, '?');
  expect(list.panel.hidden).toBe(false);
  expect(document.activeElement).toBe(list.panel);
  press(list.panel, 'Escape');
  expect([list.panel.hidden, document.activeElement]).toEqual([true, list.button]);
  list.dispose();
  press(row, '?');
  expect(list.panel.hidden).toBe(true);
  root.remove();
});
