import { expect, test } from 'vitest';
import { exampleRecord } from './example-runs';
import { mountPage } from './page';
import type { switched } from './panels';
import { SavedSource } from './saved-source';

function page(panels: Parameters<typeof switched>[0]) {
  const element = document.createElement('div');
  const record = exampleRecord({ panels: [...panels] });
  const mounted = mountPage(element, record, new SavedSource(record));
  const shown = () => [...element.querySelectorAll<HTMLElement>('[data-panel]')].map((each) => each.dataset['panel']);
  const click = (word: string, shiftKey = false) => {
    const buttons = [...element.querySelectorAll<HTMLElement>('.trackside-switches button')];
    const button = buttons.find((each) => each.textContent === word);
    button?.dispatchEvent(new MouseEvent('click', { shiftKey }));
    return button?.getAttribute('aria-pressed');
  };
  return { ...mounted, element, shown, click };
}

test('a switch shows a panel in its place, and takes it away', () => {
  const { shown, click, page: mounted } = page(['table']);
  expect(click('History')).toBe('true');
  expect(shown()).toEqual(['history', 'table']);
  expect(mounted.state.value.panels).toEqual(['history', 'table']);
  expect(click('Table')).toBe('false');
  expect(shown()).toEqual(['history']);
});

test('the last panel stays', () => {
  const { shown, click } = page(['table']);
  expect(click('Table')).toBe('true');
  expect(shown()).toEqual(['table']);
});

test('with shift a switch shows nothing else', () => {
  const { shown, click } = page(['history', 'parallel', 'table']);
  expect(click('Parallel', true)).toBe('true');
  expect(shown()).toEqual(['parallel']);
});

test('a panel taken away filters no longer', () => {
  const { click, page: mounted } = page(['parallel', 'table']);
  const axes = [{ key: 'param:C', brush: { low: 9, high: 11 } }];
  mounted.state.value = { ...mounted.state.value, axes };
  expect(mounted.selection.filters.value.size).toBe(1);
  click('Parallel');
  expect(mounted.selection.filters.value.size).toBe(0);
});

test('a page that is disposed leaves nothing', () => {
  const { element, dispose } = page(['history', 'parallel', 'table']);
  dispose();
  expect(element.children).toHaveLength(0);
});
