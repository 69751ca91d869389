import { expect, test } from 'vitest';
import { rowAfter } from './row-keys';

test('keys lead to rows within the list, and others lead nowhere', () => {
  const to = (key: string, from: number): number | null => rowAfter(key, from, 12);
  expect(['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'].map((key) => to(key, 3))).toEqual([
    4, 2, 11, 0, 0, 11,
  ]);
  expect([to('ArrowDown', -1), to('ArrowDown', 11), to('a', 3), rowAfter('End', 0, 0)]).toEqual([0, 11, null, null]);
});
