import { describe, expect, test } from 'vitest';
import type { ArtifactTable } from '../wire';
import { alignPredictions, changedCells, describeFlips } from './rows';

function table(names: string[], ...rows: ArtifactTable['columns'][number][]): ArtifactTable {
  return { names, columns: names.map((_, at) => rows.map((row) => row[at] ?? null)), total: rows.length };
}

const columns = ['id', 'y_true', 'y_pred'];
const first = table(columns, ['r1', 1, 1], ['r2', 0, 1], ['r3', 2, 0], ['r4', 1, 1]);
const second = table(columns, ['r3', 2, 1], ['r2', 0, 0], ['r1', 1, 0], ['r5', 1, 1]);

describe('predictions of several runs', () => {
  test('are aligned by the id of a row, wherever it stands', () => {
    const predictions = alignPredictions([first, second]);
    expect(predictions.map(({ id, truth, predicted }) => [id, truth, ...predicted])).toEqual([
      ['r1', 1, 1, 0],
      ['r2', 0, 1, 0],
      ['r3', 2, 0, 1],
      ['r4', 1, 1, undefined],
      ['r5', 1, undefined, 1],
    ]);
  });

  test('flipped to right, to wrong, or from one wrong to another', () => {
    const predictions = alignPredictions([first, second]);
    expect(predictions.map(({ flips }) => flips[1])).toEqual(['wrong', 'right', 'other', 'missing', 'missing']);
    expect(describeFlips(predictions, 1)).toBe('3 of 3 flipped: 1 now right, 1 now wrong, 1 wrong either way');
    expect(describeFlips(predictions, 0)).toBe('0 of 4 flipped');
  });

  test('of runs that have no row in common are said to', () => {
    const other = table(columns, ['x', 1, 1]);
    expect(describeFlips(alignPredictions([first, other]), 1)).toBe('no row in common');
    expect(describeFlips(alignPredictions([first, null]), 1)).toBe('no row in common');
  });

  test('a row whose id is a name of every object is a row', () => {
    const odd = table(columns, ['__proto__', 1, 1], ['constructor', 0, 1]);
    expect(alignPredictions([odd, odd]).map(({ id, flips }) => [id, flips[1]])).toEqual([
      ['__proto__', 'same'],
      ['constructor', 'same'],
    ]);
  });
});

describe('cells of a table that differ', () => {
  test('are found by row id and column name', () => {
    expect(changedCells(second, first)).toEqual(new Set([2, 5, 8, 9, 10, 11]));
  });

  test('are found by place where rows have no id', () => {
    const left = table(['w'], [1], ['NaN'], [3]);
    const right = table(['w'], [1], ['NaN'], [4]);
    expect(changedCells(left, right)).toEqual(new Set([2]));
  });
});
