import { describe, expect, it } from 'vitest';
import { encodeFloats } from '../numbers';
import { clippedExtent, countHidden, countOutside, joinExtents, steadyExtent, xExtent, yExtent } from './extents';
import { drawnLines, wireLine } from './line-fixtures';
import { lowerBound, stretches, withoutSingles } from './lines';
import { SharedX } from './shared-x';

describe('the parts of a line', () => {
  const [line] = drawnLines(wireLine('a', [0, 1, 2, 3, 4], [1, Number.NaN, 3, -1, 5]));

  it('end at gaps', () => {
    expect(line && stretches(line, line.drawn, false, false)).toEqual([
      [0, 1],
      [2, 5],
    ]);
  });

  it('end where a logarithmic axis has no place', () => {
    expect(line && stretches(line, line.drawn, false, true)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    expect(line && stretches(line, line.drawn, true, false)).toEqual([[2, 5]]);
  });
});

describe('runs with one point only', () => {
  const lines = drawnLines(wireLine('a', [0, 1], [1, 2]), wireLine('b', [0], [0.9]), wireLine('c', [0], [0.8]));
  const isSingle = ({ points }: { points: number }): boolean => points === 1;

  it('are left out beside lines', () => {
    const found = withoutSingles(lines, isSingle);
    expect(found.lines.map(({ id }) => id)).toEqual(['a']);
    expect(found.singles).toEqual([0.9, 0.8]);
  });

  it('are all there is to see where no run has a line', () => {
    expect(withoutSingles(lines.slice(1), isSingle)).toEqual({ lines: lines.slice(1), singles: [] });
  });
});

describe('marks', () => {
  it('are read with their place', () => {
    const marked = wireLine('a', [0], [1], { non_finite: { x: encodeFloats([7]), kinds: ['-Infinity'] } });
    expect(drawnLines(marked)[0]?.marks).toEqual([{ x: 7, kind: '-Infinity' }]);
  });
});

describe('the axes', () => {
  const lines = drawnLines(wireLine('a', [0, 10], [1, 100]), wireLine('b', [5, 20], [-4, 2]));

  it('show everything', () => {
    expect(xExtent(lines, false)).toEqual([0, 20]);
  });

  it('leave out what a logarithmic axis cannot show, and count it', () => {
    expect(xExtent(lines, true)).toEqual([5, 20]);
    expect(countHidden(lines, true, false)).toBe(1);
    expect(countHidden(lines, false, true)).toBe(1);
    expect(yExtent(lines, [0, 20], true)?.[0]).toBeGreaterThan(0);
  });

  it('fit what is seen between the ends of x, with the lines that lead out of it', () => {
    const [low, high] = yExtent(drawnLines(wireLine('a', [0, 1, 2, 3, 4], [9, 1, 2, 1, 90])), [1.5, 2.5], false) ?? [];
    expect(low).toBeLessThan(1);
    expect(high).toBeCloseTo(2.04);
  });

  it('clip the most extreme 2 % on either side, and count them', () => {
    const steps = Array.from({ length: 101 }, (_, at) => at);
    const spiky = drawnLines(wireLine('a', steps, [...steps.slice(0, 100), 1e6]));
    const [low, high] = clippedExtent(spiky, [0, 100], false) ?? [0, 0];
    expect(low).toBeCloseTo(2 - 96 * 0.04);
    expect(high).toBeCloseTo(98 + 96 * 0.04);
    expect(countOutside(spiky, [0, 100], [low, high])).toBe(1);
    expect(clippedExtent([], [0, 1], false)).toBeNull();
  });

  it('clip thinned points by what they really were, and do not count them', () => {
    const steps = Array.from({ length: 101 }, (_, at) => at);
    const all = (value: number): string => encodeFloats(steps.map(() => value));
    const half = steps.map(() => 0.5);
    const thinned = drawnLines(wireLine('a', steps, half, { thinned: true, low: all(0.1), high: all(0.9) }));
    const [low, high] = clippedExtent(thinned, [0, 100], false) ?? [0, 0];
    expect(low).toBeLessThan(0.1);
    expect(high).toBeGreaterThan(0.9);
    expect(countOutside(thinned, [0, 100], [0.4, 0.6])).toBeNull();
  });

  it('of several charts show what all of them have', () => {
    expect(joinExtents([[0, 5], null, [2, 9]])).toEqual([0, 9]);
    expect(joinExtents([null])).toBeNull();
  });

  it('of lines that go on stand still, and grow by more than they need', () => {
    expect(steadyExtent(null, [0, 50], false)).toEqual([0, 50]);
    expect(steadyExtent([0, 50], [0, 60], false)).toEqual([0, 66]);
    const before = [0, 66] as const;
    expect(steadyExtent(before, [0, 64], false)).toBe(before);
    expect(steadyExtent(before, [0, 20], false)).toEqual([0, 20]);
    expect(steadyExtent([1, 10], [1, 100], true)[1]).toBeCloseTo(100 * 100 ** 0.1);
    expect(steadyExtent([-1, 10], [1, 100], true)).toEqual([1, 100]);
  });

  it('are one for all charts: the zoom where log x can show it, else what all lines need', () => {
    const shared = new SharedX();
    const axes = { x: 'step', logX: false, logY: false };
    expect(
      shared.of(
        [
          [0, 5],
          [1, 9],
        ],
        [-1, 3],
        { axes, steady: false },
      ),
    ).toEqual([-1, 3]);
    expect(
      shared.of(
        [
          [1, 5],
          [2, 9],
        ],
        [-1, 3],
        { axes: { ...axes, logX: true }, steady: false },
      ),
    ).toEqual([1, 9]);
    expect(shared.of([[0, 10]], null, { axes, steady: true })).toEqual([0, 10]);
    expect(shared.of([[0, 20]], null, { axes, steady: true })).toEqual([0, 22]);
    expect(shared.of([[0, 20]], null, { axes, steady: false })).toEqual([0, 20]);
  });

  it('give a single point room', () => {
    expect(xExtent(drawnLines(wireLine('a', [3], [0])), false)).toEqual([2.7, 3.3]);
    expect(xExtent(drawnLines(wireLine('a', [8], [0])), true)).toEqual([4, 16]);
  });

  it('of nothing are nothing', () => {
    expect(xExtent([], false)).toBeNull();
  });

  it('know where a run of NaN only was', () => {
    const lost = wireLine('a', [], [], { non_finite: { x: encodeFloats([2, 4]), kinds: ['NaN', 'NaN'] } });
    expect(xExtent(drawnLines(lost), false)).toEqual([2, 4]);
  });
});

describe('lowerBound', () => {
  it('finds the first x that is not below', () => {
    const xs = Float64Array.of(1, 3, 3, 7);
    expect([0, 1, 2, 3, 7, 8].map((x) => lowerBound(xs, x))).toEqual([0, 0, 1, 1, 3, 4]);
  });
});
