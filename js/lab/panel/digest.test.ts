import { expect, test } from 'vitest';
import { digest } from './digest';

test('a digest is short however long the text is, the same each time, and another one of another text', () => {
  const runs = Array.from({ length: 1000 }, (_, at) => `0193-${at}`);
  const made = digest(runs.join(' '));
  expect(made).toMatch(/^[0-9a-z]{1,7}$/);
  expect(digest(runs.join(' '))).toBe(made);
  expect(new Set(runs.map(digest)).size).toBe(1000);
});
