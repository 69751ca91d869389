import { type Cell, cellNumber, formatNumber } from '../numbers';
import type { Column } from '../wire';

/** How a run's metric stands to the baseline's. */
export interface Delta {
  readonly text: string;
  /** Neutral where nobody knows which way is better, or both read the same. */
  readonly verdict: 'better' | 'worse' | 'neutral';
}

/**
 * The difference of a metric's value to the baseline's; null where either is missing or not finite. Two values that read
 * the same are the same: what is left between them is rounding, no result. With `percent` it is a share of the baseline's value,
 * where that is not zero.
 */
export function deltaTo(column: Column, cell: Cell | undefined, baselineRow: number, percent: boolean): Delta | null {
  const value = cellNumber(cell);
  const baseline = cellNumber(column.values[baselineRow]);
  if (value === null || baseline === null || !Number.isFinite(value) || !Number.isFinite(baseline)) {
    return null;
  }
  if (formatNumber(value) === formatNumber(baseline)) {
    return { text: '=', verdict: 'neutral' };
  }
  const difference = value - baseline;
  const sign = difference > 0 ? '+' : '−';
  const size = Math.abs(percent && baseline !== 0 ? (100 * difference) / baseline : difference);
  const unit = percent && baseline !== 0 ? '%' : '';
  return {
    text: `${sign}${formatNumber(size, 3)}${unit}`,
    verdict: verdictOn(difference, column.goal ?? null),
  };
}

function verdictOn(difference: number, goal: 'min' | 'max' | null): Delta['verdict'] {
  if (goal === null) {
    return 'neutral';
  }
  return difference > 0 === (goal === 'max') ? 'better' : 'worse';
}

/** A difference in words, "−0.04 (−4.12%), worse"; null where there is none to tell. */
export function describeDelta(column: Column, cell: Cell | undefined, baselineRow: number): string | null {
  const absolute = deltaTo(column, cell, baselineRow, false);
  const share = deltaTo(column, cell, baselineRow, true);
  if (absolute === null || share === null) {
    return null;
  }
  const both = share.text === absolute.text ? absolute.text : `${absolute.text} (${share.text})`;
  return absolute.verdict === 'neutral' ? both : `${both}, ${absolute.verdict}`;
}

/** The best of a metric's finite values; null where its goal is unknown or there is nothing to choose. */
export function bestOf(column: Column, values: readonly (number | null)[]): number | null {
  if (!column.goal || column.group !== 'metric') {
    return null;
  }
  let [best, count]: [number, number] = [column.goal === 'max' ? -Infinity : Infinity, 0];
  for (const value of values) {
    if (value !== null && Number.isFinite(value)) {
      best = column.goal === 'max' ? Math.max(best, value) : Math.min(best, value);
      count++;
    }
  }
  return count < 2 ? null : best;
}
