import { describe, expect, test, vi } from 'vitest';
import { Selection } from './selection';

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

  test('ticked runs are selected, else what the filters leave, else none', () => {
    const selection = new Selection();
    const runs = ['a', 'b', 'c'];
    expect(selection.selected(runs)).toEqual([]);
    selection.setFilter('filter', new Set(['b', 'c']));
    expect(selection.selected(runs)).toEqual(['b', 'c']);
    selection.ticked.value = new Set(['c', 'a']);
    expect(selection.selected(runs)).toEqual(['a', 'c']);
  });
});
