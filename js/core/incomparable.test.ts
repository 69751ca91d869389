import { expect, test } from 'vitest';
import { examplePage, exampleRecord, exampleTable } from './example-runs';
import { FakeSource } from './fake-source';
import { findCauses, mountIncomparable, sayIncomparable } from './incomparable';
import type { Page } from './view';
import type { Comparability } from './wire';

const UNSEEDED = 'the split has no random_state';

function told(...runs: { cause: string; run_ids: string[] }[]): Comparability {
  return { answer: 'comparability', metric: 'accuracy', reference: 'c', runs };
}

function pageOf(comparability: Comparability | null, baseline: string | null = 'c'): Page {
  const table = { ...exampleTable, baseline };
  return examplePage(new FakeSource({ table }), { ...exampleRecord(), table, comparability });
}

function lineOf(page: Page): { line: HTMLElement; undo: () => void } {
  const root = document.createElement('div');
  const undo = mountIncomparable(root, page);
  return { line: root.querySelector<HTMLElement>('.trackside-incomparable') ?? root, undo };
}

test('one line says which runs are not comparable, and why', () => {
  const { line, undo } = lineOf(pageOf(told({ cause: UNSEEDED, run_ids: ['a', 'b', 'gone'] })));
  expect(line.hidden).toBe(false);
  expect(line.querySelector('span')?.textContent).toBe(
    `≠ 2 of 4 runs are not comparable with the baseline by accuracy: ${UNSEEDED}`,
  );
  undo();
});

test('several causes are folded, and listed with how many runs they are of', () => {
  const page = pageOf(told({ cause: 'other data', run_ids: ['a'] }, { cause: UNSEEDED, run_ids: ['b', 'd'] }));
  const { line, undo } = lineOf(page);
  expect(line.querySelector('summary')?.textContent).toBe(
    '≠ 3 of 4 runs are not comparable with the baseline by accuracy, for 2 reasons',
  );
  const listed = [...line.querySelectorAll('li')].map(({ textContent }) => textContent);
  expect(listed).toEqual([`2 runs: ${UNSEEDED}`, '1 run: other data']);
  expect(sayIncomparable(page)).toContain(`accuracy: 2 runs: ${UNSEEDED}; 1 run: other data`);
  undo();
});

test('names are text, and another run than the baseline goes by its own', () => {
  const { line, undo } = lineOf(pageOf(told({ cause: '<img src=x>', run_ids: ['a'] }), null));
  expect(line.textContent).toContain('not comparable with forest deep by accuracy: <img src=x>');
  expect(line.querySelector('img')).toBeNull();
  undo();
});

test('a button hides the runs in all panels, and shows them again', () => {
  const page = pageOf(told({ cause: UNSEEDED, run_ids: ['a', 'b'] }));
  const { line, undo } = lineOf(page);
  const button = line.querySelector('button');
  expect(button?.textContent).toBe('Hide them');
  button?.click();
  expect(page.state.value.unseen).toEqual(['a', 'b']);
  expect(button?.textContent).toBe('Show them');
  button?.click();
  expect(page.state.value.unseen).toEqual([]);
  undo();
});

test('nothing is said where all are comparable or nobody knows', () => {
  for (const comparability of [told(), null]) {
    const { line, undo } = lineOf(pageOf(comparability));
    expect(line.hidden).toBe(true);
    undo();
  }
});

test('what was said by another metric or of another pinned run says nothing now', () => {
  const page = pageOf(told({ cause: UNSEEDED, run_ids: ['a'] }));
  expect(findCauses(page).get('a')).toBe(UNSEEDED);
  page.selection.pinned.value = 'b';
  expect(findCauses(page).size).toBe(0);
  page.selection.pinned.value = 'c';
  page.table.value = { ...page.table.value, main: 'metric:loss' };
  expect(findCauses(page).size).toBe(0);
});
