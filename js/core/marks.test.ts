import { describe, expect, test } from 'vitest';
import { column, examplePage, exampleRecord, exampleTable } from './example-runs';
import { FakeSource } from './fake-source';
import type { MarkQuestion, Question, RunTable } from './wire';

const shelved: RunTable = {
  ...exampleTable,
  columns: [...exampleTable.columns, column('run:shelf', 'text', [null, 'kept', null, null])],
};

/** A page whose marks are kept: each is answered with `table`. */
function markingPage(table: RunTable, answer?: (question: Question) => RunTable | undefined) {
  const source = new FakeSource({ table, answer: (question) => answer?.(question) ?? table });
  return { source, page: examplePage(source, { ...exampleRecord(), table }) };
}

const marksAsked = (source: FakeSource) => source.asked.filter((question) => question.ask === 'mark');

describe('a star', () => {
  test('is shown before it is kept, and stays', async () => {
    const { page, source } = markingPage({ ...exampleTable, starred: ['b'] });
    const done = page.marks.toggleStar('a');
    expect(page.table.value.starred).toEqual(['a', 'b']);
    source.answers.table = { ...exampleTable, starred: ['a', 'b'] };
    await done;
    expect(marksAsked(source)).toEqual([
      { ask: 'mark', run_ids: ['a'], mark: 'starred', value: 'yes', include_hidden: false, include_older: false },
    ]);
  });

  test('that is there is taken away', async () => {
    const { page, source } = markingPage({ ...exampleTable, starred: ['b'] });
    const done = page.marks.toggleStar('b');
    expect(page.table.value.starred).toEqual([]);
    await done;
    expect(source.asked).toMatchObject([{ run_ids: ['b'], value: null }]);
  });

  test('that could not be kept is gone again, and the reason is told', async () => {
    const source = new FakeSource({
      table: exampleTable,
      answer: () => ({ answer: 'failure', message: 'The disk is full.' }),
    });
    const page = examplePage(source);
    await page.marks.toggleStar('a');
    expect(page.table.value).toBe(exampleTable);
    expect(page.marks.problem.value).toBe('The disk is full.');
  });
});

test('a note is kept as it is written, and an empty one taken away', async () => {
  const { page, source } = markingPage(exampleTable);
  await page.marks.note('a', 'with warm-up');
  await page.marks.note('a', '');
  expect(marksAsked(source)).toMatchObject([
    { mark: 'note', run_ids: ['a'], value: 'with warm-up' },
    { mark: 'note', run_ids: ['a'], value: null },
  ]);
});

test('a name and a tag are kept, and taken back to what each run had before', async () => {
  const table = {
    ...exampleTable,
    names: ['svm', 'mlp', 'mlp', 'crashed'],
    columns: [...exampleTable.columns, column('run:tag:stage', 'text', [null, '', 'dev', null])],
  };
  const { page, source } = markingPage(table);
  await page.marks.rename('b', 'deep');
  expect(page.marks.said.value?.words).toBe('forest is called deep');
  await page.marks.undo();
  await page.marks.rename('b', '');
  await page.marks.tag(['a', 'b', 'c'], 'stage', 'final');
  expect(page.marks.said.value?.words).toBe('3 runs tagged stage=final');
  await page.marks.undo();
  const asked = marksAsked(source) as MarkQuestion[];
  expect(asked.map(({ run_ids, mark, value }) => [run_ids.join(), mark, value])).toEqual([
    ['b', 'name', 'deep'],
    ['b', 'name', 'mlp'],
    ['b', 'name', null],
    ['a,b,c', 'tag:stage', 'final'],
    ['a', 'tag:stage', null],
    ['b', 'tag:stage', ''],
    ['c', 'tag:stage', 'dev'],
  ]);
});

test('a decision is kept with its reason, and taken back with where the run lay before', async () => {
  const decided = (decision: string | null, shelf: string | null): RunTable => ({
    ...exampleTable,
    columns: [
      column('run:decision', 'text', [decision, null, null, null]),
      column('run:shelf', 'text', [shelf, null, null, null]),
    ],
  });
  const { page, source } = markingPage(decided('keep', 'kept'));
  source.answers.table = decided('drop', 'dropped');
  source.answers.answer = () => source.answers.table;
  expect(await page.marks.decide('a', 'drop', 'too slow')).toBe(true);
  expect(page.marks.said.value?.words).toMatch(/: drop$/);
  await page.marks.undo();
  expect(source.asked.map((question) => ({ ...question, include_hidden: 0, include_older: 0 }))).toMatchObject([
    { mark: 'decision', value: 'drop', why: 'too slow' },
    { mark: 'decision', value: 'keep', why: expect.stringContaining('taken back') },
    { mark: 'shelf', value: 'kept' },
  ]);
  expect(page.marks.said.value).toBeNull();
});

test('a name taken away from a run that has its first one is said to be missing', async () => {
  const { page } = markingPage(exampleTable);
  await page.marks.rename('b', '');
  expect(page.marks.said.value).toBeNull();
  expect(page.marks.problem.value).toBe('forest keeps its name: it has no other one to go back to. Write a name.');
});

describe('runs that are put away', () => {
  const after = { ...shelved, run_ids: ['a'], total: 1 };

  test('leave the table, and can be taken back to where each of them lay', async () => {
    const { page, source } = markingPage(shelved, (question) => {
      const isDrop = question.ask === 'mark' && question.value === 'dropped';
      return isDrop ? after : undefined;
    });
    expect(await page.marks.shelve(['b', 'c', 'd'], 'dropped')).toBe(true);
    expect(page.table.value.run_ids).toEqual(['a']);
    await page.marks.undo();
    const asked = marksAsked(source) as MarkQuestion[];
    expect(asked.map(({ run_ids, value }) => [run_ids, value])).toEqual([
      [['b', 'c', 'd'], 'dropped'],
      [['b'], 'kept'],
      [['c', 'd'], null],
    ]);
    expect(page.marks.said.value).toBeNull();
  });

  test('but refused stay, with nothing to take back', async () => {
    const source = new FakeSource({
      table: shelved,
      answer: () => ({ answer: 'failure', message: 'The baseline is among these runs.' }),
    });
    const page = examplePage(source);
    expect(await page.marks.shelve(['a'], 'dropped')).toBe(false);
    expect(page.marks.said.value).toBeNull();
    expect(page.marks.problem.value).toBe('The baseline is among these runs.');
  });
});

test('a mark is answered with hidden runs while they are shown', async () => {
  const source = new FakeSource({ table: exampleTable, answer: () => exampleTable });
  const page = examplePage(source, exampleRecord({ include_hidden: true }));
  await page.marks.toggleStar('a');
  expect(source.asked).toMatchObject([{ include_hidden: true }]);
});

test('the others of an experiment are held against another run, and against none', async () => {
  const held = { ...exampleTable, baseline: 'b' };
  const source = new FakeSource({
    table: exampleTable,
    answer: (question) => (question.ask === 'baseline' && question.run_id ? held : exampleTable),
  });
  const page = examplePage(source);
  await page.marks.setBaseline('b');
  expect(page.table.value.baseline).toBe('b');
  expect(page.marks.said.value?.words).toMatch(/ is the baseline$/);
  await page.marks.setBaseline(null);
  expect(page.table.value.baseline).toBeUndefined();
  expect(page.marks.said.value?.words).toMatch(/ is no longer the baseline$/);
  await page.marks.undo();
  expect(page.table.value.baseline).toBe('b');
  expect(page.marks.said.value).toBeNull();
});
