import { describe, expect, it } from 'vitest';
import { column, numbers, scaled, tableOf } from '../axes/columns-fixtures';
import { MaskedRuns, Selection } from '../selection';
import { FILTER_NAME, passingRuns, type Scene, sortRows } from './scene';

const TABLE = tableOf([column('param:n', [0, 2, 4, 10, null])]);
const SCENE = { table: TABLE } as Scene;
const AXES = [scaled(numbers(0, 2, 4, 10, null), { brushes: [{ low: 2, high: 10 }] })];

describe('rows', () => {
  it('are in colour where they pass everything, shadows where a brush here does not let them, grey where another view does not', () => {
    const selection = new Selection();
    selection.setFilter('filter', new Set(['run0', 'run1', 'run4']));
    const passing = passingRuns(TABLE, AXES);
    selection.setFilter(FILTER_NAME, passing);
    const { coloured, visible, grey } = sortRows(SCENE, passing, selection);
    expect([...coloured]).toEqual([1]);
    expect([...visible]).toEqual([0, 1, 4]);
    expect([...grey]).toEqual([2, 3]);
  });

  it('all pass while nothing is brushed', () => {
    expect(passingRuns(TABLE, [scaled(numbers(0, 2, 4, 10, null))])).toBeNull();
    expect([...sortRows(SCENE, null, new Selection()).coloured]).toEqual([0, 1, 2, 3, 4]);
  });

  it('stay the same list while they are the same, so that nothing is drawn again', () => {
    const selection = new Selection();
    const before = sortRows(SCENE, passingRuns(TABLE, AXES), selection);
    const wider = new MaskedRuns(TABLE, Uint8Array.of(0, 1, 1, 1, 0));
    expect(sortRows(SCENE, wider, selection, before)).toEqual(before);
    expect(sortRows(SCENE, wider, selection, before).coloured).toBe(before.coloured);
    const fewer = new MaskedRuns(TABLE, Uint8Array.of(0, 1, 1, 0, 0));
    expect(sortRows(SCENE, fewer, selection, before).coloured).not.toBe(before.coloured);
  });
});
