import { describe, expect, it } from 'vitest';
import { numbers, scaled } from '../axes/columns-fixtures';
import { makeLayout, nearestAxis, nearestRow, placeNames, placeY, rowYs, yPlace } from './layout';

describe('the layout', () => {
  const layout = makeLayout(3, 600, 300, true);

  it('spreads axes over the width and scrolls where they would be too near', () => {
    expect(layout.width).toBe(600);
    expect(makeLayout(40, 600, 300, true).width).toBeGreaterThan(2000);
  });

  it('turns places upside down on a flipped axis, but not the lane', () => {
    expect(placeY(layout, 0, false)).toBe(layout.bottom);
    expect(placeY(layout, 0, true)).toBe(layout.top);
    expect(placeY(layout, Number.NaN, true)).toBe(layout.lane);
  });

  it('has axes down to the edge where nothing is missing, and no place on them is taken for the lane', () => {
    const whole = makeLayout(3, 600, 300, false);
    expect(whole.bottom).toBeGreaterThan(layout.bottom);
    expect(whole.bottom).toBeLessThan(300);
    expect(whole.lane).toBeGreaterThan(300);
  });

  it('finds the place under the pointer again, kept on the axis', () => {
    expect(yPlace(layout, placeY(layout, 0.25, true), true)).toBeCloseTo(0.25);
    expect(yPlace(layout, -50, false)).toBe(1);
  });

  it('finds the axis a label is dragged to', () => {
    expect([0, layout.xs[1] ?? 0, 999].map((x) => nearestAxis(layout, x))).toEqual([0, 1, 2]);
  });
});

describe('the names of axes', () => {
  it('stand in one row where they fit', () => {
    const places = placeNames(makeLayout(3, 600, 300, true), [60, 60, 60]);
    expect(places.map(({ top }) => top)).toEqual([0, 0, 0]);
  });

  it.each([[5], [8], [12]])('of %d axes never run into each other or out of the drawing', (axes) => {
    const layout = makeLayout(axes, 700, 300, true);
    const places = placeNames(
      layout,
      Array.from({ length: axes }, (_, at) => (at % 3 === 0 ? 300 : 90)),
    );
    for (const row of [0, 1]) {
      const inRow = places.filter((_place, at) => at % 2 === row);
      for (const [at, { left, width }] of inRow.entries()) {
        expect(left + width).toBeLessThanOrEqual(inRow[at + 1]?.left ?? layout.width);
        expect(left).toBeGreaterThanOrEqual(0);
      }
    }
  });
});

describe('the line under the pointer', () => {
  const layout = makeLayout(2, 400, 300, true);
  const ys = rowYs(layout, [scaled(numbers(0, 1)), scaled(numbers(0, 1))]);
  const rows = Int32Array.of(0, 1);
  const middle = ((layout.xs[0] ?? 0) + (layout.xs[1] ?? 0)) / 2;

  it('is the nearest one', () => {
    expect(nearestRow(layout, ys, rows, [middle, layout.bottom - 2], 8)).toBe(0);
    expect(nearestRow(layout, ys, rows, [middle, layout.top + 2], 8)).toBe(1);
  });

  it('is none where no line is near, or only one that is left out', () => {
    expect(nearestRow(layout, ys, rows, [middle, (layout.top + layout.bottom) / 2], 8)).toBe(-1);
    expect(nearestRow(layout, ys, Int32Array.of(1), [middle, layout.bottom - 2], 8)).toBe(-1);
  });

  it('of one axis alone is none', () => {
    const single = makeLayout(1, 400, 300, true);
    expect(nearestRow(single, ys.slice(0, 1), rows, [200, 100], 8)).toBe(-1);
  });
});
