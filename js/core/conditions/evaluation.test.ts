import { describe, expect, test } from 'vitest';
import { exampleRules } from '../example-rules';
import { column } from '../example-runs';
import type { RunTable } from '../wire';
import { matchRuns } from './evaluation';

const { columns, rows, refused } = exampleRules.conditions;
const table: RunTable = {
  answer: 'runs',
  run_ids: ['0', '1', '2', '3'],
  columns: columns.map(({ key, kind, values }) => column(key, kind, values)),
  total: 4,
  metrics: ['val/auc'],
  starred: ['2'],
};

describe('a condition worked out in the browser', () => {
  test.each(rows)('$condition', (example) => {
    expect(matchRuns(table, example.condition).map(Number)).toEqual(example.rows);
  });

  test.each(refused)('%s is refused', (condition) => {
    expect(() => matchRuns(table, condition)).toThrow(/Found/);
  });

  test('knows the stars', () => {
    expect(matchRuns(table, 'starred and lr < 1')).toEqual(['2']);
  });

  test('takes of several params that end alike the first that a run has', () => {
    const values = [1, null, null, null];
    const more = [column('param:MLP.alpha', 'number', values), column('param:SVC.alpha', 'number', [5, 2, null, null])];
    expect(matchRuns({ ...table, columns: [...table.columns, ...more] }, 'alpha < 3')).toEqual(['0', '1']);
  });

  test('says where it cannot go on', () => {
    expect(() => matchRuns(table, 'lr < 0.1 andd lr > 0')).toThrow('it cannot be read from "andd lr > 0" on');
    expect(() => matchRuns(table, 'lr <')).toThrow('it ends too early');
    expect(() => matchRuns(table, 'kernel = rbf')).toThrow("a text stands in quotes: 'rbf'");
  });
});
