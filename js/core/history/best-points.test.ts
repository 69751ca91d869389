import { describe, expect, it } from 'vitest';
import { encodeFloats } from '../numbers';
import { bestPoint } from './best-points';
import { drawnLines, wireLine } from './line-fixtures';
import { bestText } from './readout-box';

const line = (...args: Parameters<typeof wireLine>) => drawnLines(wireLine(...args))[0] ?? expect.fail();

describe('the best point', () => {
  const plain = line('a', [0, 1, 2, 3], [3, 1, Number.NaN, 1]);

  it('is the first of the lowest or highest, by the goal', () => {
    expect(bestPoint(plain, 'min')).toEqual({ x: 1, value: 1, near: false });
    expect(bestPoint(plain, 'max')).toEqual({ x: 0, value: 3, near: false });
  });

  it('is none where nobody knows the goal, or nothing is finite', () => {
    expect(bestPoint(plain, null)).toBeNull();
    expect(bestPoint(line('a', [0], [Number.NaN]), 'min')).toBeNull();
  });

  it('of a thinned line is the best of all its points, near the place it is drawn at', () => {
    const thinned = line('a', [5, 15], [2, 3], {
      thinned: true,
      low: encodeFloats([2, 0.5]),
      high: encodeFloats([4, 5]),
    });
    expect(bestPoint(thinned, 'min')).toEqual({ x: 15, value: 0.5, near: true });
    expect(bestText({ x: 15, value: 0.5, near: true }, 'step')).toBe('○ best 0.5 near step 15');
  });
});
