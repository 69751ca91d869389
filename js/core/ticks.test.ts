import { describe, expect, it } from 'vitest';
import {
  durationTicks,
  formatDuration,
  formatTimes,
  linearTicks,
  logDurationTicks,
  logTicks,
  timeTicks,
  wholeTicks,
} from './ticks';

describe('linear ticks', () => {
  it('are round and exact', () => {
    expect(linearTicks(0, 0.5, 5)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(linearTicks(-1, 1, 4)).toEqual([-1, -0.5, 0, 0.5, 1]);
  });

  it('stay within the ends', () => {
    expect(linearTicks(0.13, 0.91, 4)).toEqual([0.2, 0.4, 0.6, 0.8]);
  });

  it('of a single value are that value', () => {
    expect(linearTicks(3, 3, 5)).toEqual([3]);
  });
});

describe('ticks of steps', () => {
  it('are whole, however few there are', () => {
    expect(wholeTicks(0, 3, 8)).toEqual([0, 1, 2, 3]);
    expect(wholeTicks(0, 2.5, 8)).toEqual([0, 1, 2]);
    expect(wholeTicks(0, 1000, 5)).toEqual(linearTicks(0, 1000, 5));
  });
});

describe('logarithmic ticks', () => {
  it('are powers of ten over many decades', () => {
    expect(logTicks(1e-5, 1, 6)).toEqual([1e-5, 1e-4, 1e-3, 0.01, 0.1, 1]);
  });

  it('skip decades where there are too many', () => {
    expect(logTicks(1e-12, 1, 4)).toEqual([1e-12, 1e-9, 1e-6, 1e-3, 1]);
  });

  it('take 2 and 5 over few decades', () => {
    expect(logTicks(1, 100, 8)).toEqual([1, 2, 5, 10, 20, 50, 100]);
  });

  it('are linear within a decade', () => {
    expect(logTicks(0.31, 0.39, 4)).toEqual([0.32, 0.34, 0.36, 0.38]);
  });
});

describe('ticks of time', () => {
  it('are durations people count in', () => {
    expect(durationTicks(0, 3600, 4)).toEqual([0, 900, 1800, 2700, 3600]);
    expect(durationTicks(0, 7 * 3600, 4).map(formatDuration)).toEqual(['0', '2 h', '4 h', '6 h']);
  });

  it('on a logarithmic axis are seconds, minutes and hours', () => {
    expect(logDurationTicks(0.5, 5000, 5).map(formatDuration)).toEqual(['1 s', '10 s', '1 min', '10 min', '1 h']);
  });

  it('fall on whole local hours, whatever the zone', () => {
    const noon = new Date(2026, 2, 3, 12, 20).getTime() / 1000;
    const ticks = timeTicks(noon, noon + 5 * 3600, 5);
    expect(ticks.map((tick) => new Date(tick * 1000).getMinutes())).toEqual([0, 0, 0, 0, 0]);
  });

  it('name the day once', () => {
    const evening = new Date(2026, 2, 3, 22, 0).getTime() / 1000;
    const labels = formatTimes([evening, evening + 3600, evening + 7200]);
    expect(labels.map((label) => label.split('\n').length)).toEqual([2, 1, 2]);
  });
});

describe('a duration', () => {
  it.each([
    [0, '0'],
    [0.00002, '20 µs'],
    [0.000277, '0.3 ms'],
    [0.0527, '53 ms'],
    [0.9996, '1 s'],
    [1.23, '1.2 s'],
    [59.96, '1 min'],
    [185, '3 min 05 s'],
    [3599.6, '1 h'],
    [7440, '2 h 04 min'],
    [93784, '1 d 2 h'],
    [-90, '−1 min 30 s'],
  ])('of %d seconds is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});
