import { describe, expect, test, vi } from 'vitest';
import { exampleTable } from './example-runs';
import { MaskedRuns, Selection } from './selection';

describe('a selection', () => {
  test('a run passes if every filter lets it pass', () => {
    const selection = new Selection();
    selection.setFilter('filter', new Set(['a', 'b']));
    selection.setFilter('parallel', new Set(['b', 'c']));
    expect(['a', 'b', 'c'].filter((run) => selection.passes(run))).toEqual(['b']);
    expect(['a', 'b', 'c'].filter((run) => selection.passes(run, 'parallel'))).toEqual(['a', 'b']);
  });

  test('a filter taken away lets all pass again', () => {
    const selection = new Selection();
    selection.setFilter('filter', new Set());
    expect(selection.passes('a')).toBe(false);
    selection.setFilter('filter', null);
    expect(selection.passes('a')).toBe(true);
  });

  test('taking away a filter that is not there tells nobody', () => {
    const selection = new Selection();
    const read = vi.fn();
    selection.filters.subscribe(read);
    selection.setFilter('filter', null);
    expect(read).not.toHaveBeenCalled();
  });

  test('says of all rows at once which pass, be they told by row or by run', () => {
    const selection = new Selection();
    const table = { ...exampleTable };
    selection.setFilter('parallel', new MaskedRuns(table, Uint8Array.of(1, 1, 0, 1)));
    selection.setFilter('filter', new Set(['a', 'c', 'd']));
    expect([...selection.passingRows(table)]).toEqual([1, 0, 0, 1]);
    expect([...selection.passingRows(table, 'filter')]).toEqual([1, 1, 0, 1]);
    const other = { ...table, run_ids: ['d', 'a'] };
    expect([...selection.passingRows(other)]).toEqual([1, 1]);
    expect(table.run_ids.filter((run) => selection.passes(run))).toEqual(['a', 'd']);
  });

  test('the same rows again are told to nobody', () => {
    const selection = new Selection();
    const read = vi.fn();
    selection.filters.subscribe(read);
    selection.setFilter('parallel', new MaskedRuns(exampleTable, Uint8Array.of(1, 1, 0, 1)));
    selection.setFilter('parallel', new MaskedRuns(exampleTable, Uint8Array.of(1, 1, 0, 1)));
    expect(read).toHaveBeenCalledTimes(1);
    selection.setFilter('parallel', new MaskedRuns(exampleTable, Uint8Array.of(1, 1, 0, 0)));
    expect(read).toHaveBeenCalledTimes(2);
  });

  test('ticked runs are selected, else what the filters leave: without one, all', () => {
    const selection = new Selection();
    const runs = ['a', 'b', 'c'];
    expect(selection.selected(runs)).toEqual(runs);
    selection.setFilter('filter', new Set(['b', 'c']));
    expect(selection.selected(runs)).toEqual(['b', 'c']);
    selection.ticked.value = new Set(['c', 'a']);
    expect(selection.selected(runs)).toEqual(['a', 'c']);
  });
});
