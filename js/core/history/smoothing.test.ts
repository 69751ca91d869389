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

  it('is that average at every point of a long noisy line', () => {
    const values = Float64Array.from({ length: 500 }, (_, at) => Math.sin(at * 12.9898) * 43.7 + at / 50);
    const smoothed = debiasedAverage(values, 0.93);
    // Spelt out: each value weighs 0.93 times the one after it, and the weights add up to 1.
    for (const at of [0, 1, 10, 499]) {
      const weights = Array.from({ length: at + 1 }, (_, back) => 0.93 ** back);
      const sum = weights.reduce((total, weight, back) => total + weight * (values[at - back] ?? 0), 0);
      expect(smoothed[at]).toBeCloseTo(sum / weights.reduce((total, weight) => total + weight), 9);
    }
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
