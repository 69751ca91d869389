import { describe, expect, it } from 'vitest';
import { makeScale } from './axis-scale';
import {
  brushedIntervals,
  brushesOf,
  brushOver,
  brushPieces,
  freeInterval,
  grownInterval,
  movedInterval,
  passingRows,
  withBrushes,
} from './brushes';
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

  it('of what is missing lets that pass, alone or beside a range, and is no range of its own', () => {
    const missing = { missing: true };
    expect([...passingRows([scaled(scale, { brushes: [missing] })], 5)]).toEqual([0, 0, 0, 0, 1]);
    expect([...passingRows([scaled(scale, { brushes: [{ low: 4, high: null }, missing] })], 5)]).toEqual([
      0, 0, 1, 1, 1,
    ]);
    expect(brushPieces(scaled(scale, { brushes: [missing] }))).toEqual([]);
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

describe('several brushes on an axis', () => {
  const scale = numbers(0, 2, 4, 10, null);
  const [low, high] = [
    { low: null, high: 2 },
    { low: 9, high: null },
  ];

  it('let pass what any of them covers', () => {
    expect([...passingRows([scaled(scale, { brushes: [low, high] })], 5)]).toEqual([1, 1, 0, 1, 0]);
  });

  it('are told from the one that earlier notebooks saved, which is never written', () => {
    expect(brushesOf({ key: 'param:n', brush: low })).toEqual([low]);
    expect(brushesOf({ key: 'param:n', brush: low, brushes: [high] })).toEqual([high]);
    expect(withBrushes({ key: 'param:n', brush: low }, [high])).toEqual({
      key: 'param:n',
      brush: null,
      brushes: [high],
    });
  });

  it('are taken hold of piece by piece', () => {
    expect(brushPieces(scaled(scale, { brushes: [low, high] })).map(({ brush }) => brush)).toEqual([low, high]);
    const names = categories('a', 'b', 'c', 'd');
    const pieces = brushPieces(scaled(names, { brushes: [{ values: ['a', 'b', 'd'] }] }));
    expect(pieces.map(({ brush }) => brush.values)).toEqual([['a', 'b'], ['d']]);
  });

  it('leave room for another in the widest part that none covers', () => {
    expect(freeInterval([])).toEqual([0.25, 0.75]);
    expect(freeInterval([[0, 0.2]])).toEqual([0.4, 0.8]);
    expect(
      freeInterval([
        [0.75, 1],
        [0, 0.25],
      ]),
    ).toEqual([0.375, 0.625]);
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
