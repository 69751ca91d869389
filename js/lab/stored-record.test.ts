import { expect, test } from 'vitest';
import { exampleRecord, exampleTable } from '../core/example-runs';
import { FakeSource } from '../core/fake-source';
import { isSameRecord } from '../core/record';
import type { RunTable } from '../core/wire';
import { keepWhole, RecordSource } from './stored-record';

/** What a notebook kept of the newest four of nine runs. */
const saved: RunTable = { ...exampleTable, total: 9, newest: 4, ordinals: [8, 6, 3, 1], repeats: [1, 3, 1, 1] };
/** The same runs, as a store tells them that is asked for nothing but them. */
const alone: RunTable = { ...exampleTable, total: 4, newest: null, ordinals: [3, 2, 1, 0], repeats: null };
const record = { ...exampleRecord(), table: saved };

test('runs that the store is asked for alone keep their places among all, and so their colours', async () => {
  const source = new RecordSource(new FakeSource({ table: { ...alone, run_ids: ['a', 'c', 'd'] } }), record);
  const table = await source.ask({ ask: 'runs' });
  expect([table.ordinals, table.repeats]).toEqual([
    [8, 3, 1],
    [1, 1, 1],
  ]);
});

test('answers that are no table are told on as they are, and so is news', async () => {
  const fake = new FakeSource({ table: alone, answer: () => ({ answer: 'filter', run_ids: ['a'] }) });
  const source = new RecordSource(fake, record);
  expect(await source.ask({ ask: 'filter', expression: 'x' })).toEqual({ answer: 'filter', run_ids: ['a'] });
  let told = 0;
  source.onNews(() => told++)();
  const undo = source.onNews(() => told++);
  fake.tellNews();
  expect(told).toBe(1);
  undo();
});

test('a record whose runs came from the store tells what it told before of those that were not asked for', () => {
  const drawn = { ...record, table: { ...alone, ordinals: [8, 6, 3, 1], repeats: [1, 3, 1, 1] } };
  expect(isSameRecord(keepWhole(drawn, record), record)).toBe(true);
});

test('a record that lost a run is told anew', () => {
  const drawn = { ...record, table: { ...alone, run_ids: ['a', 'b', 'c'], total: 3 } };
  expect(keepWhole(drawn, record)).toBe(drawn);
});
