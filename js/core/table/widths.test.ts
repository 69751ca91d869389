import { expect, test } from 'vitest';
import { column, exampleTable } from '../example-runs';
import { columnWidths } from './widths';

const CONTEXT = { figure: 10, baselineRow: null, isGrouped: false, formats: {}, chosen: {}, room: 0 };

test('a column is as wide as its longest number, in whatever row, and no wider than some characters of a text', () => {
  const numbers = [...Array.from({ length: 200 }, () => 1), -0.003672];
  const [wide = 0, long = 0] = columnWidths(
    exampleTable,
    [column('metric:m', 'number', numbers), column('param:p', 'text', ['x'.repeat(90)])],
    CONTEXT,
  ).others;
  expect(wide).toBeGreaterThanOrEqual('-0.003672'.length * 10 + 20);
  expect(long).toBeLessThan(400);
});
