import { cellNumber, formatNumber } from '../numbers';
import type { Column } from '../wire';

/** How a run's metric stands to the baseline's. */
export interface Delta {
  readonly text: string;
  /** Neutral where nobody knows which way is better, or both read the same. */
  readonly verdict: 'better' | 'worse' | 'neutral';
}

/**
 * The difference of a metric to the baseline; null where either is missing or not finite. Two values that read the same
 * are the same: what is left between them is rounding, no result.
 */
export function deltaTo(column: Column, row: number, baselineRow: number): Delta | null {
  const value = cellNumber(column.values[row]);
  const baseline = cellNumber(column.values[baselineRow]);
  if (value === null || baseline === null || !Number.isFinite(value) || !Number.isFinite(baseline)) {
    return null;
  }
  if (formatNumber(value) === formatNumber(baseline)) {
    return { text: '=', verdict: 'neutral' };
  }
  const difference = value - baseline;
  const sign = difference > 0 ? '+' : '−';
  return {
    text: `${sign}${formatNumber(Math.abs(difference), 3)}`,
    verdict: verdictOn(difference, column.goal ?? null),
  };
}

function verdictOn(difference: number, goal: 'min' | 'max' | null): Delta['verdict'] {
  if (goal === null) {
    return 'neutral';
  }
  return difference > 0 === (goal === 'max') ? 'better' : 'worse';
}

/** The best finite value of a metric in these rows; null where its goal is unknown or there is nothing to choose. */
export function bestValue(column: Column, rows: readonly number[]): number | null {
  const values = rows.map((row) => cellNumber(column.values[row])).filter((value) => value !== null);
  const finite = values.filter(Number.isFinite);
  if (!column.goal || column.group !== 'metric' || finite.length < 2) {
    return null;
  }
  return finite.reduce((best, value) => (column.goal === 'max' ? Math.max(best, value) : Math.min(best, value)));
}
