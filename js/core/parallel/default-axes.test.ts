import { describe, expect, it } from 'vitest';
import { newAxis } from '../axes/columns';
import { column, tableOf, text } from '../axes/columns-fixtures';
import { exampleRules } from '../example-rules';
import { defaultAxes, movedAxis } from './default-axes';

describe('the axes shown first', () => {
  it('are the params that differ, then metrics, the main metric last', () => {
    const table = tableOf(
      [
        text('run:name', ['a', 'b']),
        column('param:lr', [0.1, 0.2]),
        column('param:seed', [1, 1]),
        column('metric:val_loss', [0.4, 0.3]),
        column('metric:accuracy', [0.8, 0.9]),
      ],
      { main: 'metric:val_loss' },
    );
    expect(defaultAxes(table).map(({ key }) => key)).toEqual(['param:lr', 'metric:accuracy', 'metric:val_loss']);
  });

  it('leave out what only some runs have and is the same in all that do', () => {
    const table = tableOf([column('param:depth', [3, null]), column('param:lr', [0.1, 0.2])]);
    expect(defaultAxes(table).map(({ key }) => key)).toEqual(['param:lr']);
  });

  it('leave out what few runs have, while others have more', () => {
    const few = Array.from({ length: 8 }, (_, n) =>
      column(`param:few${n}`, [0, 1, ...Array.from({ length: 10 }, () => null)]),
    );
    const table = tableOf([...few, column('param:lr', [...Array(12).keys()])]);
    expect(defaultAxes(table).map(({ key }) => key)).toContain('param:lr');
    expect(defaultAxes(table).length).toBeLessThan(8);
  });

  it('leave out texts that differ in every run', () => {
    const ids = Array.from({ length: 60 }, (_, at) => `id${at}`);
    const sizes = ids.map((_id, at) => at);
    const table = tableOf([text('param:id', ids), column('param:size', sizes)]);
    expect(defaultAxes(table).map(({ key }) => key)).toEqual(['param:size']);
  });

  it('show params even if none differs', () => {
    expect(defaultAxes(tableOf([column('param:lr', [0.1])])).map(({ key }) => key)).toEqual(['param:lr']);
  });

  it("leave out the machine's metrics, though they be the only ones", () => {
    const load = column('metric:system/cpu', [10, 20]);
    const table = tableOf([column('param:lr', [0.1, 0.2]), load, column('metric:epoch', [1, 2])]);
    expect(defaultAxes(table).map(({ key }) => key)).toEqual(['param:lr', 'metric:epoch']);
    expect(defaultAxes({ ...tableOf([load]), metrics: ['system/cpu'] })).toEqual([]);
  });

  it('are few, however many params there are', () => {
    const columns = Array.from({ length: 40 }, (_, at) => column(`param:p${at}`, [at, at + 1]));
    expect(defaultAxes(tableOf(columns)).length).toBeLessThanOrEqual(12);
  });

  it('are none without runs', () => {
    expect(defaultAxes(tableOf([]))).toEqual([]);
  });
});

describe('a new axis', () => {
  it.each(exampleRules.axes)('of $of is logarithmic as in Python: $log', ({ values, log }) => {
    expect(newAxis(column('param:p', values)).log).toBe(log);
  });
});

describe('moving an axis', () => {
  const axes = ['a', 'b', 'c'].map((key) => ({ key }));

  it.each([
    [0, 2, 'bca'],
    [2, 0, 'cab'],
    [1, 1, 'abc'],
  ])('from %d to %d gives %s', (from, to, order) => {
    expect(
      movedAxis(axes, from, to)
        .map(({ key }) => key)
        .join(''),
    ).toBe(order);
  });
});
