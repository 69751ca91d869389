import { describe, expect, test } from 'vitest';
import { exampleTable } from '../example-runs';
import { Selection } from '../selection';
import { chooseSides } from './sides';

function sides({ ticked = '', pinned = null as string | null, pointed = null as string | null, choice = {} } = {}) {
  const selection = new Selection();
  selection.ticked.value = new Set(ticked);
  selection.pinned.value = pinned;
  const found = chooseSides(exampleTable, selection, choice, pointed);
  return found && `${found.before}→${found.after.join('')}`;
}

describe('which runs are compared', () => {
  test('the two newest, where nobody chose any', () => {
    expect(sides()).toBe('b→a');
  });

  test('the ticked ones, against the oldest of them', () => {
    expect(sides({ ticked: 'bd' })).toBe('d→b');
    expect(sides({ ticked: 'abd' })).toBe('d→ab');
  });

  test('a single ticked run, against the one before it', () => {
    expect(sides({ ticked: 'b' })).toBe('c→b');
    expect(sides({ ticked: 'd' })).toBe('a→d');
  });

  test('the ticked ones, against the pinned one', () => {
    expect(sides({ ticked: 'ab', pinned: 'c' })).toBe('c→ab');
    expect(sides({ ticked: 'bc', pinned: 'c' })).toBe('c→b');
  });

  test('the one pointed at, against the pinned one', () => {
    expect(sides({ pinned: 'b', pointed: 'd' })).toBe('b→d');
    expect(sides({ pinned: 'b', pointed: 'b' })).toBe('b→a');
  });

  test('those that were chosen, before all', () => {
    expect(sides({ ticked: 'ab', pinned: 'c', choice: { before: 'd', after: 'c' } })).toBe('d→c');
    expect(sides({ pinned: 'c', choice: { after: 'c' } })).toBe('d→c');
    expect(sides({ choice: { before: 'gone', after: 'a' } })).toBe('b→a');
  });

  test('none, where there is one run or none', () => {
    const one = { ...exampleTable, run_ids: ['a'] };
    expect(chooseSides(one, new Selection(), null, null)).toBeNull();
    expect(chooseSides({ ...one, run_ids: [] }, new Selection(), null, null)).toBeNull();
  });

  test('none, where the same run was chosen twice', () => {
    expect(sides({ choice: { before: 'a', after: 'a' } })).toBeNull();
  });
});
