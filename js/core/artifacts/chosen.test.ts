import { expect, test } from 'vitest';
import { exampleEntry } from '../example-artifacts';
import { examplePage, exampleTable } from '../example-runs';
import { FakeSource } from '../fake-source';
import { artifactRuns, artifactsQuestion, describeChosen } from './chosen';

function chosen({ ticked = '', pinned = null as string | null, having = 'abcd', passing = 'abcd' } = {}) {
  const page = examplePage(new FakeSource({ table: exampleTable }));
  page.selection.ticked.value = new Set(ticked);
  page.selection.pinned.value = pinned;
  page.selection.setFilter('filter', new Set(passing));
  const question = artifactsQuestion(page, exampleTable);
  const artifacts = [...having].map((run) => exampleEntry(run, 'notes'));
  return `${question.run_ids.join('')}: ${artifactRuns(page, question, { answer: 'artifacts', artifacts }).join('')}`;
}

test('the ticked runs have a column, the oldest first', () => {
  expect(chosen({ ticked: 'bca', having: 'a' })).toBe('abc: cab');
});

test('the pinned run is what the others are held against', () => {
  expect(chosen({ ticked: 'ab', pinned: 'b' })).toBe('ba: ba');
  expect(chosen({ pinned: 'd', having: 'a' })).toBe('dabc: da');
});

test('with none ticked, those of the newest in sight that have artifacts', () => {
  expect(chosen({ having: 'acd', passing: 'acd' })).toBe('acd: dac');
  expect(chosen({ having: '' })).toBe('abcd: ');
});

test('how many runs have a column is said where not all have', () => {
  const page = examplePage(new FakeSource({ table: exampleTable }));
  const said = (shown: string) => describeChosen(page, exampleTable, [...shown]);
  expect(said('da')).toBe('2 of 4 runs: tick runs to choose');
  expect(said('dabc')).toBe('');
  page.selection.setFilter('filter', new Set('ab'));
  expect(said('dab')).toBe('');
  page.selection.ticked.value = new Set('bcd');
  expect(said('abc')).toBe('2 of 3 ticked runs: untick some to see the others');
});
