import { expect, test } from 'vitest';
import { exampleTable } from '../example-runs';
import { describeStanding } from './comparison';

test("a run's metrics are told with how they stand to another's", () => {
  expect(describeStanding(exampleTable, exampleTable.columns, 'a', 'c')).toEqual([
    'accuracy against forest deep: +0.02 (+2.11%), better',
    'loss against forest deep: +0.1 (+100%), worse',
    'width against forest deep: +1 (+50%)',
  ]);
});

test('a run that is not comparable is told with its cause and no verdict', () => {
  const accuracy = exampleTable.columns.filter(({ key }) => key === 'metric:accuracy');
  expect(describeStanding(exampleTable, accuracy, 'a', 'c', 'other data')).toEqual([
    'accuracy against forest deep: +0.02 (+2.11%), not comparable: other data',
  ]);
});

test.each([
  ['c', 'c'],
  ['a', null],
  ['a', 'gone'],
])('nothing is told of %s held against %s', (run, other) => {
  expect(describeStanding(exampleTable, exampleTable.columns, run, other)).toEqual([]);
});
