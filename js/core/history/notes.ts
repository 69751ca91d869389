import { formatNumber } from '../numbers';
import { formatDuration } from '../ticks';
import { BAND_WORDS, type Band } from './bands';
import type { LoadStatus } from './history-loader';
import type { DrawnLine, NonFiniteKind } from './lines';

const SIGNS: Record<NonFiniteKind, string> = { NaN: '▽ NaN', Infinity: '▲ +∞', '-Infinity': '▼ −∞' };

/** What is known of one chart that people must know to read it right. */
export interface Circumstances {
  readonly lines: readonly DrawnLine[];
  /** Points that a log axis cannot show. */
  readonly hidden: number;
  /** Whether points at or below 0 were not even asked for, so that nobody counts them. */
  readonly isAskedAboveZero: boolean;
  /** Runs that have the metric and pass, but not the metric that is the x axis; `x` is what that is called. */
  readonly withoutX: { readonly runs: number; readonly x: string };
  readonly isClipped: boolean;
  /** Points that a clipped y axis leaves out; null where what is drawn stands for several. */
  readonly outside: number | null;
  /** The last values of the runs that are left out because they have one point only. */
  readonly singles: readonly number[];
  /** How many runs' histories were saved, of how many that have one; null where all are at hand. */
  readonly saved: { readonly lines: number; readonly of: number } | null;
  readonly age: number | null;
  readonly status: LoadStatus;
}

/** The notes under a chart, the most pressing first. */
export function chartNotes({
  lines,
  hidden,
  isAskedAboveZero,
  withoutX,
  isClipped,
  outside,
  singles,
  saved,
  age,
  status,
}: Circumstances): string[] {
  const notes: string[] = [];
  if (saved !== null) {
    notes.push(`histories of ${saved.lines} of ${saved.of} runs were saved`);
  }
  if (status.kind === 'failed') {
    notes.push(`not renewed: ${status.message}`);
  }
  if (age !== null) {
    notes.push(`as of ${formatDuration(Math.max(1, Math.round(age)))} ago: the store is busy`);
  }
  if (isClipped) {
    notes.push(`y axis clipped to 2 – 98 % of the values${outside === null ? '' : `: ${points(outside)} outside`}`);
  }
  if (singles.length > 0) {
    notes.push(singlesNote(singles));
  }
  if (hidden > 0) {
    notes.push(`${points(hidden)} at or below 0 ${hidden === 1 ? 'is' : 'are'} not on a log axis`);
  } else if (isAskedAboveZero) {
    notes.push('log x: what is at or below 0 is left out');
  }
  if (withoutX.runs > 0) {
    notes.push(`${withoutX.runs === 1 ? '1 run has' : `${withoutX.runs} runs have`} no ${withoutX.x}`);
  }
  notes.push(...markNotes(lines));
  if (lines.some((line) => line.thinned)) {
    notes.push('thinned: lines are means, bands span min to max');
  }
  return notes;
}

/** What holds for all charts: which runs are drawn, of how many, and what a group's line and band are. */
export function sharedNotes(chosen: number, wanted: number, band: Band | null): string[] {
  return [
    ...(wanted > chosen ? [`${chosen} of ${wanted} runs: tick or filter to choose`] : []),
    ...(band === null ? [] : [BAND_WORDS[band]]),
  ];
}

function points(count: number): string {
  return `${count} ${count === 1 ? 'point' : 'points'}`;
}

/** "6 runs have one point only: 0.93 – 0.97". */
function singlesNote(values: readonly number[]): string {
  const finite = values.filter(Number.isFinite);
  const ends = finite.length > 0 ? [Math.min(...finite), Math.max(...finite)].map((end) => formatNumber(end)) : ['NaN'];
  const range = [...new Set(ends)].join(' – ');
  return `${values.length === 1 ? '1 run has' : `${values.length} runs have`} one point only: ${range}`;
}

function markNotes(lines: readonly DrawnLine[]): string[] {
  const counts = new Map<NonFiniteKind, number>();
  for (const mark of lines.flatMap((line) => line.marks)) {
    counts.set(mark.kind, (counts.get(mark.kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${SIGNS[kind]} × ${count}`);
}
