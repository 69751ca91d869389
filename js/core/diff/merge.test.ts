import { expect, test } from 'vitest';
import { exampleDiff } from '../example-artifacts';
import type { Diff } from '../wire';
import { mergeDiffs } from './merge';

const other: Diff = {
  ...exampleDiff,
  after: 'c',
  sections: [
    {
      name: 'metrics',
      differences: [
        { name: 'loss', before: 'NaN', after: '0.1' },
        { name: 'accuracy', before: '0.91', after: '0.95' },
      ],
    },
    { name: 'data', notes: ['not known'] },
    { name: 'packages', same: '11 packages' },
  ],
};

test('one diff stays as it is, the parts that changed first', () => {
  const merged = mergeDiffs([exampleDiff]);
  expect(merged.map(({ name }) => name)).toEqual(['params', 'metrics', 'code', 'packages']);
  expect(merged[0]?.same).toBe('1 param');
  expect(merged[2]?.texts).toHaveLength(1);
});

test('several diffs share their rows, and what does not differ is null', () => {
  const [params, metrics] = mergeDiffs([exampleDiff, other]);
  expect(params?.rows).toEqual([{ name: 'C', before: null, cells: [{ name: 'C', before: null, after: '10' }, null] }]);
  expect(metrics?.rows.map(({ name, before, cells }) => [name, before, ...cells.map((cell) => cell?.after)])).toEqual([
    ['accuracy', '0.91', '0.97', '0.95'],
    ['loss', 'NaN', undefined, '0.1'],
  ]);
});

test('how much is the same is only said where it is one number', () => {
  const merged = mergeDiffs([exampleDiff, other]);
  expect(merged.find(({ name }) => name === 'packages')?.same).toBe('');
  expect(merged.find(({ name }) => name === 'data')?.notes).toEqual(['not known']);
});
