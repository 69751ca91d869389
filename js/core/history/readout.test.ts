import { describe, expect, it } from 'vitest';
import { drawnLines, wireLine } from './line-fixtures';
import { excerpt, nearestIndex, nearestLine, readAt } from './readout';

describe('the read-out', () => {
  const lines = drawnLines(
    wireLine('low', [0, 10, 20], [1, 2, 3]),
    wireLine('high', [0, 10, 20], [7, 8, 9]),
    wireLine('lost', [0, 10, 20], [5, Number.NaN, 5]),
    wireLine('early', [0, 2], [4, 4]),
  );

  it('lists every line at this x, the highest first and NaN last', () => {
    expect(readAt(lines, 11, 1).map(({ id }) => id)).toEqual(['high', 'low', 'lost']);
  });

  it('leaves out lines that have ended', () => {
    expect(readAt(lines, 2.5, 1).map(({ id }) => id)).toContain('early');
    expect(readAt(lines, 4, 1).map(({ id }) => id)).not.toContain('early');
  });

  it('takes the point nearest to x', () => {
    expect([-1, 4.9, 5.1, 20.5].map((x) => nearestIndex(Float64Array.of(0, 10, 20), x, 1))).toEqual([0, 0, 1, 2]);
    expect(nearestIndex(Float64Array.of(0, 10), 12, 1)).toBe(-1);
    expect(nearestIndex(new Float64Array(), 1, 1)).toBe(-1);
  });

  it('picks the line nearest to the pointer, if any is near', () => {
    const readings = readAt(lines, 10, 1);
    const away = (top: number) => (reading: { drawn: number }) => Math.abs(reading.drawn - top);
    expect(nearestLine(readings, away(2.4), 1)).toBe('low');
    expect(nearestLine(readings, away(5), 1)).toBeNull();
  });
});

describe('an excerpt of many readings', () => {
  const readings = Array.from({ length: 30 }, (_, at) => ({ id: `run${at}`, x: 0, drawn: -at, raw: -at }));

  it('is about the line looked at and says what it leaves out', () => {
    const { shown, above, below } = excerpt(readings, 'run15', 5);
    expect(shown.map(({ id }) => id)).toEqual(['run13', 'run14', 'run15', 'run16', 'run17']);
    expect([above, below]).toEqual([13, 12]);
  });

  it('keeps its length at both ends', () => {
    expect(excerpt(readings, 'run0', 5)).toMatchObject({ above: 0, below: 25 });
    expect(excerpt(readings, 'run29', 5)).toMatchObject({ above: 25, below: 0 });
    expect(excerpt(readings.slice(0, 3), null, 5)).toMatchObject({ above: 0, below: 0 });
  });
});
