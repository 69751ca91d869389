import { expect, test } from 'vitest';
import type { DiffLine } from '../wire';
import { pairLines } from './line-pairs';

/** Pairs as words: each line is its kind's first letter. */
function pairs(kinds: string): string[] {
  const names: Record<string, DiffLine['kind']> = { s: 'same', r: 'removed', a: 'added', k: 'skipped' };
  const lines = [...kinds].map((kind): DiffLine => ({ kind: names[kind] ?? 'same' }));
  return pairLines(lines).map(({ before, after }) => `${before?.kind ?? '-'} ${after?.kind ?? '-'}`);
}

test('what was removed stands beside what was added in its place', () => {
  expect(pairs('srras')).toEqual(['same same', 'removed added', 'removed -', 'same same']);
  expect(pairs('raa')).toEqual(['removed added', '- added']);
});

test('what stands between them parts them', () => {
  expect(pairs('rsa')).toEqual(['removed -', 'same same', '- added']);
  expect(pairs('arak')).toEqual(['- added', 'removed added', 'skipped skipped']);
  expect(pairs('')).toEqual([]);
});
