import { describe, expect, test } from 'vitest';
import { column, exampleTable } from './example-runs';
import { kindOfFilter, searchRuns } from './search';

const table = {
  ...exampleTable,
  run_ids: ['0193-aaaa1', '0193-bbbb2', '0193-cccc3', '0193-dddd4'],
  columns: [
    ...exampleTable.columns,
    column('run:tag:stage', 'text', ['draft', 'final', null, 'draft']),
    column('param:early_stopping', 'bool', [true, false, true, true]),
  ],
};

describe('a search', () => {
  test('needs every word, in a name, a tag or another text', () => {
    expect(searchRuns(table, 'forest FINAL')).toEqual(['0193-bbbb2']);
    expect(searchRuns(table, 'draft failed')).toEqual(['0193-dddd4']);
    expect(searchRuns(table, ' ')).toEqual(table.run_ids);
  });

  test('finds a run by either end of its id, but not by a letter or two of it', () => {
    expect(searchRuns(table, 'bbb2')).toEqual(['0193-bbbb2']);
    expect(searchRuns(table, 'cc')).toEqual([]);
  });

  test('does not look into numbers', () => {
    expect(searchRuns(table, '12')).toEqual([]);
  });
});

describe('a text in the filter box', () => {
  test.each([
    ['mlp', 'words'],
    ['mlp adam-2', 'words'],
    ['lr < 0.1', 'condition'],
    ["name = 'mlp'", 'condition'],
    ['#3', 'condition'],
    ['last~2', 'condition'],
    ['best', 'unclear'],
    ['best of them', 'words'],
    ['early_stopping', 'unclear'],
    ['cats and dogs', 'unclear'],
  ])('%s is: %s', (text, kind) => {
    expect(kindOfFilter(text, table)).toBe(kind);
  });
});
