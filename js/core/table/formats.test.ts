import { describe, expect, test } from 'vitest';
import { column } from '../example-runs';
import { withWidth } from './column-width';
import { withFormat, writeNumber } from './formats';

const loss = column('metric:loss', 'number', []);

describe('a number', () => {
  test('is written as its column says', () => {
    const written = (format: Parameters<typeof writeNumber>[2], value = 0.123456789) =>
      writeNumber(loss, value, format);
    expect([undefined, '2', '6', 'percent'].map((format) => written(format as '2'))).toEqual([
      '0.1235',
      '0.12',
      '0.123457',
      '12.35%',
    ]);
    expect(written('seconds', 95)).toBe('1 min 35 s');
    expect(written('seconds', -95)).toBe('−1 min 35 s');
    expect(written('percent', Number.NaN)).toBe('NaN');
  });

  test('of a duration is one unless digits are asked for', () => {
    const duration = column('run:duration', 'number', []);
    expect(writeNumber(duration, 95, undefined)).toBe('1 min 35 s');
    expect(writeNumber(duration, 95.123, '4')).toBe('95.12');
  });
});

test('formats and widths are kept by column, and taken away again', () => {
  const state = withFormat(withFormat({ panels: [] }, 'metric:loss', '2'), 'metric:acc', 'percent');
  expect(state.formats).toEqual({ 'metric:loss': '2', 'metric:acc': 'percent' });
  expect(withFormat(state, 'metric:acc', null).formats).toEqual({ 'metric:loss': '2' });
  const wide = withWidth({ panels: [] }, 'metric:loss', 10_000);
  expect(wide.widths).toEqual({ 'metric:loss': 900 });
  expect(withWidth(wide, 'metric:loss', 1).widths).toEqual({ 'metric:loss': 48 });
  expect(withWidth(wide, 'metric:loss', null).widths).toEqual({});
});
