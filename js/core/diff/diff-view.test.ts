import { afterEach, expect, test, vi } from 'vitest';
import { exampleDiff } from '../example-artifacts';
import { examplePage, exampleRecord, exampleTable } from '../example-runs';
import { FakeSource } from '../fake-source';
import type { StaticElement } from '../picture';
import { SavedSource } from '../saved-source';
import type { Source } from '../source';
import { diffView } from './diff-view';

const undos: (() => void)[] = [];

afterEach(() => {
  for (const undo of undos.splice(0)) {
    undo();
  }
  document.body.replaceChildren();
});

function open(source: Source, record = exampleRecord({ panels: ['diff'] })) {
  const page = examplePage(source, record);
  undos.push(diffView(document.body, page));
  return { page, body: document.body };
}

function answering(): FakeSource {
  return new FakeSource({
    table: exampleTable,
    answer: (question) =>
      question.ask === 'diff' ? { ...exampleDiff, before: question.before, after: question.after } : undefined,
  });
}

test('the parts that differ are drawn, and what is the same told in a line', async () => {
  const { body } = open(answering());
  await vi.waitFor(() => expect(body.querySelectorAll('.trackside-diff-body > details')).toHaveLength(3));
  expect(body.querySelector('tbody th')?.textContent).toBe('C');
  expect([...body.querySelectorAll('del, ins')].map((word) => word.textContent)).toEqual(['1', '10']);
  expect(body.querySelector('.trackside-diff-same')?.textContent).toBe('the same: 12 packages');
  expect([...body.querySelectorAll('.trackside-run-label')].map((label) => label.textContent)).toEqual([
    'forest',
    'svm',
  ]);
});

test('a button swaps the sides, and another follows the selection again', async () => {
  const source = answering();
  const { body, page } = open(source);
  const button = (name: string) =>
    [...body.querySelectorAll('button')].find((each) => (each.getAttribute('aria-label') ?? each.textContent) === name);
  button('Swap')?.click();
  expect(page.state.value.diff).toMatchObject({ before: 'a', after: 'b' });
  await vi.waitFor(() => expect(source.asked.at(-1)).toEqual({ ask: 'diff', before: 'a', after: 'b' }));
  button('Follow selection')?.click();
  page.selection.ticked.value = new Set(['c', 'd']);
  await vi.waitFor(() => expect(source.asked.at(-1)).toEqual({ ask: 'diff', before: 'd', after: 'c' }));
});

test('several ticked runs are columns beside the one they are held against', async () => {
  const { body, page } = open(answering());
  page.selection.ticked.value = new Set(['a', 'b', 'c']);
  await vi.waitFor(() => expect(body.querySelectorAll('.trackside-diff-head .trackside-run-label')).toHaveLength(3));
  expect(body.querySelectorAll('.trackside-diff-values tbody tr:first-child td')).toHaveLength(2 * 3);
});

test('texts stand side by side or in one column', async () => {
  const { body, page } = open(answering());
  await vi.waitFor(() => expect(body.querySelectorAll('.trackside-line-pair')).toHaveLength(3));
  page.state.value = { ...page.state.value, diff: { side_by_side: false } };
  await vi.waitFor(() => expect(body.querySelectorAll('.trackside-lines > .trackside-line')).toHaveLength(4));
});

test('a question that failed says why', async () => {
  const { body } = open(
    new FakeSource({ table: exampleTable, answer: () => ({ answer: 'failure', message: 'No run.' }) }),
  );
  await vi.waitFor(() => expect(body.querySelector('.trackside-empty')?.textContent).toBe('No run.'));
});

test('a saved diff is drawn with no kernel, and any other pair says what to do', async () => {
  const record = { ...exampleRecord({ panels: ['diff'] }), diffs: [exampleDiff] };
  const { body, page } = open(new SavedSource(record), record);
  await vi.waitFor(() => expect(body.querySelectorAll('.trackside-diff-body > details')).toHaveLength(3));
  page.selection.ticked.value = new Set(['c', 'd']);
  await vi.waitFor(() =>
    expect(body.querySelector('.trackside-empty')?.textContent).toBe(
      'The notebook did not save in what these runs differ: run the cell again, or choose "forest" and "svm".',
    ),
  );
});

test('what is shown has a static form that says it without styles', async () => {
  const { body } = open(answering());
  const panel = body.querySelector<StaticElement>('[data-trackside-static]');
  await vi.waitFor(() => expect(panel?.tracksideStatic()).not.toBeNull());
  const form = panel?.tracksideStatic();
  expect(form?.querySelector('pre')?.textContent).toBe('… 4 lines the same\n  import sklearn\n- C = 1\n+ C = 10');
  expect(form?.querySelector('tbody')?.textContent).toBe('C—10');
  expect(form?.outerHTML).not.toMatch(/class=|<details/);
});
