import { describe, expect, it } from 'vitest';
import { debiasedAverage } from './smoothing';

describe('smoothing', () => {
  it('begins at the first value, not near zero', () => {
    expect(debiasedAverage(Float64Array.of(5, 5, 5), 0.9)).toEqual(Float64Array.of(5, 5, 5));
  });

  it('is the average TensorBoard draws', () => {
    // By hand: last = 1, 2.5, 1.25 and divisors 0.5, 0.75, 0.875.
    const [first, second, third] = debiasedAverage(Float64Array.of(2, 4, 0), 0.5);
    expect(first).toBeCloseTo(2);
    expect(second).toBeCloseTo(2.5 / 0.75);
    expect(third).toBeCloseTo(1.25 / 0.875);
  });

  it('leaves gaps where they are and goes on after them', () => {
    const smoothed = debiasedAverage(Float64Array.of(2, Number.NaN, Number.POSITIVE_INFINITY, 4), 0.5);
    expect(smoothed[1]).toBeNaN();
    expect(smoothed[2]).toBe(Number.POSITIVE_INFINITY);
    expect(smoothed[3]).toBeCloseTo(2.5 / 0.75);
  });

  it('of weight 0 gives the values back', () => {
    const values = Float64Array.of(1, 2);
    expect(debiasedAverage(values, 0)).toBe(values);
  });
});
