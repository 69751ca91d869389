import { expect, it } from 'vitest';
import type { Column } from '../wire';
import { cellText, cellTitle } from './cells';

const accuracy: Column = {
  key: 'metric:val_acc',
  name: 'val_acc',
  group: 'metric',
  kind: 'number',
  values: [0.91, 0.9, null],
  spreads: ['± 0.012 (5)', null, null],
};

it('shows how far the repeats are apart of which a value is the mean', () => {
  expect([0, 1, 2].map((row) => cellText(accuracy, row))).toEqual(['0.91 ± 0.012 (5)', '0.9', '–']);
  expect(cellTitle(accuracy, 0)).toBe('val_acc: 0.91 ± 0.012 (5), the mean of its repeats');
});
