import { expect, test } from 'vitest';
import { examplePage, exampleRecord, exampleTable } from './example-runs';
import { FakeSource } from './fake-source';
import { countUnseen, keepUnseen, toggleUnseen } from './unseen';

const source = new FakeSource({ table: exampleTable });

test('runs whose eye is closed pass in no panel until it is opened', () => {
  const page = examplePage(source);
  const undo = keepUnseen(page);
  toggleUnseen(page, ['a', 'b']);
  expect(exampleTable.run_ids.filter((run) => page.selection.passes(run))).toEqual(['c', 'd']);
  toggleUnseen(page, ['a', 'c']);
  expect(page.state.value.unseen).toEqual(['a', 'b', 'c']);
  toggleUnseen(page, ['a', 'b', 'c']);
  expect(page.selection.filters.value.size).toBe(0);
  undo();
});

test('closed eyes are saved, let new runs pass, and say nothing of runs that are gone', () => {
  const page = examplePage(source, exampleRecord({ unseen: ['d', 'gone'] }));
  const undo = keepUnseen(page);
  expect(page.selection.passes('d')).toBe(false);
  expect(countUnseen(page)).toBe(1);
  page.table.value = { ...exampleTable, run_ids: ['e', 'a', 'b', 'c'] };
  expect(page.selection.passes('e')).toBe(true);
  expect(page.selection.filters.value.size).toBe(0);
  undo();
});
