import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followComparability } from './comparability';
import { examplePage, exampleRecord, exampleTable } from './example-runs';
import { FakeSource } from './fake-source';
import { SavedSource } from './saved-source';
import type { Comparability } from './wire';

const answer: Comparability = {
  answer: 'comparability',
  metric: 'accuracy',
  reference: 'c',
  runs: [{ cause: 'other data', run_ids: ['a'] }],
};

function fake(): FakeSource {
  return new FakeSource({ table: exampleTable, answer: ({ ask }) => (ask === 'comparability' ? answer : undefined) });
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('is asked for once the page is drawn, and not again while nothing changes', async () => {
  const source = fake();
  const page = examplePage(source);
  const undo = followComparability(page);
  expect(source.asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  const shared = { ask: 'comparability', include_hidden: false, include_older: false };
  expect(source.asked).toEqual([{ ...shared, metric: 'accuracy', against: null }]);
  expect(page.comparability.value).toBe(answer);
  page.table.value = { ...exampleTable };
  await vi.advanceTimersByTimeAsync(10_000);
  expect(source.asked).toHaveLength(1);
  undo();
});

test('is asked for again when the runs, the pinned one or the main metric are others', async () => {
  const source = fake();
  const page = examplePage(source);
  const undo = followComparability(page);
  await vi.advanceTimersByTimeAsync(10_000);
  page.selection.pinned.value = 'b';
  await vi.advanceTimersByTimeAsync(10_000);
  page.table.value = { ...exampleTable, main: 'metric:loss' };
  await vi.advanceTimersByTimeAsync(10_000);
  page.table.value = { ...page.table.value, baseline: 'd' };
  await vi.advanceTimersByTimeAsync(10_000);
  const asked = source.asked.map((question) => question.ask === 'comparability' && [question.metric, question.against]);
  expect(asked).toEqual([
    ['accuracy', null],
    ['accuracy', 'b'],
    ['loss', 'b'],
    ['loss', 'b'],
  ]);
  undo();
});

test('is asked for at most every two seconds, however often a live page changes', async () => {
  const source = fake();
  const page = examplePage(source);
  const undo = followComparability(page);
  for (let at = 0; at < 100; at++) {
    page.table.value = { ...exampleTable, run_ids: ['a', 'b', 'c', `new ${at}`] };
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(source.asked.length).toBeLessThanOrEqual(5);
  undo();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(source.asked.length).toBeLessThanOrEqual(5);
});

test('a failure lets stand what was said before', async () => {
  const source = new FakeSource({ table: exampleTable });
  const page = examplePage(source, { ...exampleRecord(), comparability: answer });
  const undo = followComparability(page);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(source.asked).toHaveLength(1);
  expect(page.comparability.value).toBe(answer);
  undo();
});

test('a saved record answers for the metric and the run that it was saved by, and for no other', async () => {
  const source = new SavedSource({ ...exampleRecord(), comparability: answer });
  expect(await source.ask({ ask: 'comparability', metric: 'accuracy', against: 'c' })).toBe(answer);
  await expect(source.ask({ ask: 'comparability', metric: 'loss' })).rejects.toThrow('run the cell again');
  await expect(source.ask({ ask: 'comparability', metric: 'accuracy', against: 'b' })).rejects.toThrow(
    'The notebook did not save which runs are comparable',
  );
});
