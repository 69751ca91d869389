import { describe, expect, it } from 'vitest';
import { groupLine, quantile, valuesAt } from './bands';
import { wireLine } from './line-fixtures';
import { decodeLines } from './lines';

const lines = (...given: Parameters<typeof wireLine>[]) =>
  decodeLines({ answer: 'history', metric: 'loss', x: 'step', lines: given.map((args) => wireLine(...args)) });
const PLAIN = { band: 'std', weight: 0, log: false } as const;

describe('the line of a group', () => {
  it('is the mean of its runs with one sample standard deviation on both sides', () => {
    const line = groupLine('g', lines(['a', [0, 1], [1, 4]], ['b', [0, 1], [3, 4]]), PLAIN);
    expect([...line.x]).toEqual([0, 1]);
    expect([...line.mean]).toEqual([2, 4]);
    expect([...line.low]).toEqual([2 - Math.SQRT2, 4]);
    expect([...line.high]).toEqual([2 + Math.SQRT2, 4]);
  });

  it('is the median with the quartiles', () => {
    const runs = lines(['a', [0], [1]], ['b', [0], [2]], ['c', [0], [3]], ['d', [0], [4]], ['e', [0], [50]]);
    const line = groupLine('g', runs, { ...PLAIN, band: 'quartiles' });
    expect([line.low[0], line.mean[0], line.high[0]]).toEqual([2, 3, 4]);
  });

  it('counts a run between its points and not beyond its ends', () => {
    const line = groupLine('g', lines(['a', [0, 1, 2, 3], [0, 0, 0, 0]], ['b', [0, 2], [0, 4]]), PLAIN);
    expect([...line.mean]).toEqual([0, 1, 2, 0]);
  });

  it('has no band of one run, and keeps its gaps', () => {
    const line = groupLine('g', lines(['a', [0, 1, 2], [1, Number.NaN, 3]]), PLAIN);
    expect([line.band, ...line.mean]).toEqual([false, 1, Number.NaN, 3]);
  });

  it('smooths its edges as its middle', () => {
    const line = groupLine('g', lines(['a', [0, 1], [2, 4]], ['b', [0, 1], [2, 4]]), { ...PLAIN, weight: 0.5 });
    expect(line.drawn[1]).toBeCloseTo(2.5 / 0.75);
    expect(line.low[1]).toBeCloseTo(2.5 / 0.75);
    expect([...line.mean]).toEqual([2, 4]);
  });

  it('has no more places than a screen has columns, and reaches both ends', () => {
    const steps = (offset: number) => Array.from({ length: 900 }, (_, at) => at + offset);
    const line = groupLine('g', lines(['a', steps(0), steps(0)], ['b', steps(0.5), steps(0.5)]), PLAIN);
    expect([line.x.length, line.x[0], line.x.at(-1)]).toEqual([1000, 0, 899.5]);
    expect(line.mean[500]).toBeCloseTo(line.x[500] ?? 0);
  });

  it('has no place at or below zero on a log axis', () => {
    expect([...groupLine('g', lines(['a', [-1, 0, 5], [1, 1, 1]]), { ...PLAIN, log: true }).x]).toEqual([5]);
  });
});

describe('a line at other places', () => {
  it('is the mean of several points at one place', () => {
    const [line] = lines(['a', [0, 1, 1, 2], [0, 2, 4, 8]]);
    expect(line && [...valuesAt(line, Float64Array.of(-1, 1, 1.5, 2, 3))]).toEqual([Number.NaN, 3, 6, 8, Number.NaN]);
  });
});

describe('a quantile', () => {
  it('lies straight between its neighbours, as numpy has it', () => {
    expect(quantile(Float64Array.of(1, 2, 4), 0.25)).toBe(1.5);
    expect(quantile(new Float64Array(), 0.5)).toBeNaN();
  });
});
