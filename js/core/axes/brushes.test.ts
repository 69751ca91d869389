import { describe, expect, it } from 'vitest';
import { startDrag } from '../parallel/axis-handle';
import { makeScale } from './axis-scale';
import { brushedIntervals, brushOver, grownInterval, movedInterval, passingRows } from './brushes';
import { categories, column, numbers, scaled } from './columns-fixtures';

describe('a brush', () => {
  const scale = numbers(0, 2, 4, 10, null);

  it('lets pass what it covers, its ends included, and nothing missing', () => {
    expect([...passingRows([scaled(scale, { brush: { low: 2, high: 4 } })], 5)]).toEqual([0, 1, 1, 0, 0]);
  });

  it('up to the end of the axis is open there', () => {
    expect(brushOver(scale, [0.3, 1])).toEqual({ low: 3, high: null });
    expect([...passingRows([scaled(scale, { brush: { low: 3, high: null } })], 5)]).toEqual([0, 0, 1, 1, 0]);
  });

  it('on a logarithmic axis covers what it is drawn over', () => {
    const log = makeScale(column('param:lr', [1e-4, 1e-3, 1e-2]), true);
    const brush = brushOver(log, [0.25, 0.75]);
    expect([...passingRows([scaled(log, { brush, log: true })], 3)]).toEqual([0, 1, 0]);
  });

  it('of categories names them', () => {
    const names = categories('adam', 'sgd', 'lion', null);
    expect(brushOver(names, [0, 0.6])).toEqual({ values: ['adam', 'lion'] });
    expect([...passingRows([scaled(names, { brush: { values: ['sgd'] } })], 4)]).toEqual([0, 1, 0, 0]);
  });

  it('that covers no category is none', () => {
    expect(brushOver(categories('a', 'b'), [0.4, 0.6])).toBeNull();
  });

  it('on several axes lets pass what all let pass', () => {
    const other = numbers(1, 2, 3, 4, 5);
    const axes = [scaled(scale, { brush: { low: 1, high: null } }), scaled(other, { brush: { low: null, high: 3 } })];
    expect([...passingRows(axes, 5)]).toEqual([0, 1, 1, 0, 0]);
  });

  it('of neighbouring categories is drawn in one piece, of others in several', () => {
    const names = categories('a', 'b', 'c', 'd');
    expect(brushedIntervals(names, { values: ['a', 'b', 'd'] })).toEqual([
      [0, 0.5],
      [0.75, 1],
    ]);
  });

  it('survives being drawn and read again', () => {
    const [interval] = brushedIntervals(scale, brushOver(scale, [0.2, 0.7]) ?? {});
    expect(interval?.map((end) => Number(end.toFixed(9)))).toEqual([0.2, 0.7]);
  });
});

describe('dragging a brush', () => {
  it('beside it makes a new one, in either direction', () => {
    expect(startDrag([[0.1, 0.3]], 0.8, 0.02)(0.5)).toEqual([0.5, 0.8]);
  });

  it('moves it, within the axis', () => {
    const drag = startDrag([[0.25, 0.5]], 0.375, 0.02);
    expect(drag(0.5)).toEqual([0.375, 0.625]);
    expect(drag(9)).toEqual([0.75, 1]);
  });

  it('by its edge sizes it', () => {
    expect(startDrag([[0.2, 0.5]], 0.49, 0.02)(0.9)).toEqual([0.2, 0.9]);
    expect(startDrag([[0.2, 0.5]], 0.21, 0.02)(0.1)).toEqual([0.1, 0.5]);
  });
});

describe('a brush moved by keys', () => {
  it('stays on the axis at its length', () => {
    expect(movedInterval([0.5, 0.75], 1)).toEqual([0.75, 1]);
    expect(movedInterval([0.5, 0.75], -1)).toEqual([0, 0.25]);
  });

  it('never turns over', () => {
    expect(grownInterval([0.5, 0.75], -1)[1]).toBeGreaterThan(0.5);
    expect(grownInterval([0.5, 0.75], 1)).toEqual([0.5, 1]);
  });
});
