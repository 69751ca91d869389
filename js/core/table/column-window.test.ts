import { expect, test } from 'vitest';
import { columnWindow } from './column-window';

const widths = Array.from({ length: 200 }, () => 100);

test('only the columns in sight and a few beyond are drawn', () => {
  expect(columnWindow(widths, 5000, 1000, null)).toEqual({ first: 46, end: 64 });
  expect(columnWindow(widths, 0, 1000, null)).toEqual({ first: 0, end: 14 });
  expect(columnWindow(widths, 19_000, 1000, null)).toEqual({ first: 186, end: 200 });
});

test('the columns drawn stay while they hold all in sight', () => {
  const before = columnWindow(widths, 5000, 1000, null);
  expect(columnWindow(widths, 5300, 1000, before)).toBe(before);
  expect(columnWindow(widths, 5500, 1000, before)).toEqual({ first: 51, end: 69 });
});

test('a window of more columns than there are now is not kept', () => {
  expect(columnWindow(widths.slice(0, 3), 0, 1000, { first: 0, end: 14 })).toEqual({ first: 0, end: 3 });
});
