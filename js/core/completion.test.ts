import { describe, expect, test } from 'vitest';
import { complete } from './completion';
import { column, exampleTable } from './example-runs';
import type { RunTable } from './wire';

const table: RunTable = {
  ...exampleTable,
  columns: [
    ...exampleTable.columns,
    column('param:kernel', 'text', ['rbf', "o'neil", 'rbf', null]),
    column('metric:val/auc', 'number', [0.5, 0.9, 0.7, null]),
    { ...column('run:tag:stage', 'text', ['dev', null, null, null]), name: 'stage' },
  ],
};
const texts = (text: string, caret = text.length) => complete(text, caret, table).suggestions.map((one) => one.text);

describe('what may stand in a filter', () => {
  test('is a name for what was typed: first those that begin with it', () => {
    expect(texts('d')).toEqual(['depth', 'started_at', 'seed', 'width']);
    expect(texts('ACC')).toEqual(['accuracy']);
    expect(texts('started')).toEqual(['started_at']);
    expect(complete('stag', 4, table).suggestions).toEqual([{ text: 'stage', kind: 'tag' }]);
  });

  test('is nothing in an empty box, or where the name is there', () => {
    expect(texts('')).toEqual([]);
    expect(texts('kernel')).toEqual([]);
    expect(texts('no such word')).toEqual([]);
  });

  test('is an operator after a name, by its kind', () => {
    expect(texts('val/auc ')).toEqual(['=', '!=', '<', '<=', '>', '>=']);
    expect(texts('kernel ')).toEqual(['=', '!=', 'like', 'in']);
    expect(texts('kernel l')).toEqual(['like']);
  });

  test('is a value after an operator: the most frequent texts, the ends of numbers', () => {
    expect(texts('kernel = ')).toEqual(["'rbf'", "'o''neil'"]);
    expect(texts("kernel = 'o")).toEqual(["'o''neil'"]);
    expect(texts('val/auc > ')).toEqual(['0.5', '0.7', '0.9']);
    expect(texts('param.kernel=')).toEqual(["'rbf'", "'o''neil'"]);
  });

  test('goes on with "and" after a condition, and with names after that', () => {
    expect(texts('loss < 0.3 ')).toEqual(['and', 'or']);
    expect(texts('loss < 0.3 and (')).toHaveLength(8);
    expect(texts('loss < 0.3 and k')).toEqual(['kernel']);
  });

  test('takes the place of the whole word at the caret', () => {
    const text = 'kern < 1';
    expect(complete(text, 2, table)).toMatchObject({ from: 0, to: 4 });
    expect(complete('loss < 0.3 and ke', 17, table)).toMatchObject({ from: 15, to: 17 });
  });
});
