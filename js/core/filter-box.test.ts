import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { examplePage, exampleTable } from './example-runs';
import { FakeSource } from './fake-source';
import { FILTER, filterBox } from './filter-box';
import type { Answer, Question } from './wire';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function openBox(answer: (question: Question) => Answer) {
  const page = examplePage(new FakeSource({ table: exampleTable, answer }));
  const box = filterBox(page);
  const input = box.input.querySelector('input') ?? document.createElement('input');
  const type = (text: string): void => {
    input.value = text;
    input.setSelectionRange(text.length, text.length);
    input.dispatchEvent(new Event('input'));
  };
  const passing = (): string[] | null => {
    const runs = page.selection.filters.value.get(FILTER);
    return runs ? page.table.value.run_ids.filter((run) => runs.has(run)) : null;
  };
  return { box, input, page, type, passing };
}

const failure: Answer = { answer: 'failure', message: 'The condition ends after "<".' };

test('the beginning of a name empties nothing while names are offered, until Enter', async () => {
  const { input, type, passing } = openBox(() => failure);
  type('los');
  await vi.advanceTimersByTimeAsync(5000);
  expect(passing()).toBe(null);
  input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
  await vi.advanceTimersByTimeAsync(0);
  expect(passing()).toEqual([]);
});

test('words that stand in a name are found at once, others after a pause', async () => {
  const { type, passing } = openBox(() => failure);
  type('forest');
  await vi.advanceTimersByTimeAsync(500);
  expect(passing()).toEqual(['b', 'c']);
  type('forest nowhere');
  await vi.advanceTimersByTimeAsync(500);
  expect(passing()).toEqual(['b', 'c']);
  await vi.advanceTimersByTimeAsync(1000);
  expect(passing()).toEqual([]);
});

test('what is wrong with a condition is told after a pause, and no longer while it is mended', async () => {
  const { box, type, passing } = openBox((question) =>
    question.ask === 'filter' && question.expression === 'loss < 1' ? { answer: 'filter', run_ids: ['a'] } : failure,
  );
  type('loss <');
  await vi.advanceTimersByTimeAsync(1200);
  expect(box.problem.textContent).toBe('');
  await vi.advanceTimersByTimeAsync(200);
  expect(box.problem.textContent).toContain('ends after "<"');
  type('loss < 1');
  expect(box.problem.textContent).toBe('');
  await vi.advanceTimersByTimeAsync(500);
  expect(passing()).toEqual(['a']);
});

test('what was refused is asked again with newer runs: its red text does not outlive its reason', async () => {
  let isBack = false;
  const { box, page, type, passing } = openBox(() => (isBack ? { answer: 'filter', run_ids: ['a'] } : failure));
  type('loss < 1');
  await vi.advanceTimersByTimeAsync(2000);
  expect(box.problem.textContent).not.toBe('');
  isBack = true;
  page.table.value = { ...exampleTable };
  await vi.advanceTimersByTimeAsync(0);
  expect([box.problem.textContent, passing()]).toEqual(['', ['a']]);
});

test('a text is marked as looked at from the first letter on until it is applied or said to be wrong', async () => {
  const { input, type, passing } = openBox(() => failure);
  const isBusy = () => input.getAttribute('aria-busy') === 'true';
  type('forest');
  expect(isBusy()).toBe(true);
  await vi.advanceTimersByTimeAsync(150);
  expect([isBusy(), passing()]).toEqual([false, ['b', 'c']]);
  type('loss <');
  await vi.advanceTimersByTimeAsync(1200);
  expect([isBusy(), input.getAttribute('aria-invalid')]).toEqual([true, 'false']);
  await vi.advanceTimersByTimeAsync(200);
  expect([isBusy(), input.getAttribute('aria-invalid')]).toEqual([false, 'true']);
});

test('a condition that is entered is asked for at once', async () => {
  const { input, type, passing } = openBox(() => ({ answer: 'filter', run_ids: ['a'] }));
  type('loss < 1');
  input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
  await vi.advanceTimersByTimeAsync(0);
  expect(passing()).toEqual(['a']);
});
