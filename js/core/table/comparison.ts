import { type Cell, cellNumber, formatNumber } from '../numbers';
import { runName, runRows } from '../runs';
import type { Column, RunTable } from '../wire';

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
  const share = Math.abs((100 * difference) / baseline);
  return {
    text:
      percent && baseline !== 0 ? `${signOf(difference)}${formatNumber(share, 3)}%` : spellDifference(value, baseline),
    verdict: verdictOn(difference, column.goal ?? null),
  };
}

/** How far a number is from another: `=` where both read the same, nothing where one is not finite. */
export function spellDifference(value: number, other: number): string {
  if (!Number.isFinite(value - other)) {
    return '';
  }
  const difference = value - other;
  return formatNumber(value) === formatNumber(other)
    ? '='
    : `${signOf(difference)}${formatNumber(Math.abs(difference), 3)}`;
}

/** How a run's metrics stand to those of another, a line each: `loss against mlp: −0.04 (−4.1%), better`. */
export function describeStanding(
  table: RunTable,
  columns: readonly Column[],
  run: string,
  other: string | null,
  cause?: string,
): string[] {
  const rows = runRows(table);
  const [at, against] = [rows.get(run), rows.get(other ?? '')];
  if (at === undefined || against === undefined || at === against) {
    return [];
  }
  return columns.flatMap((column) => {
    const words = column.group === 'metric' ? describeDelta(column, column.values[at], against, cause) : null;
    return words === null ? [] : [`${column.name} against ${runName(other ?? '', table)}: ${words}`];
  });
}

function signOf(difference: number): string {
  return difference > 0 ? '+' : '−';
}

function verdictOn(difference: number, goal: 'min' | 'max' | null): Delta['verdict'] {
  if (goal === null) {
    return 'neutral';
  }
  return difference > 0 === (goal === 'max') ? 'better' : 'worse';
}

/** A difference in words, "−0.04 (−4.12%), worse", or why it says nothing; null where there is none to tell. */
export function describeDelta(
  column: Column,
  cell: Cell | undefined,
  baselineRow: number,
  cause?: string,
): string | null {
  const absolute = deltaTo(column, cell, baselineRow, false);
  const share = deltaTo(column, cell, baselineRow, true);
  if (absolute === null || share === null) {
    return null;
  }
  const both = share.text === absolute.text ? absolute.text : `${absolute.text} (${share.text})`;
  if (cause !== undefined) {
    return `${both}, not comparable: ${cause}`;
  }
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
