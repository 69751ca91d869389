import { formatNumber } from '../numbers';
import { formatDuration } from '../ticks';
import type { LoadStatus } from './history-loader';
import type { DrawnLine, NonFiniteKind } from './lines';

const SIGNS: Record<NonFiniteKind, string> = { NaN: '▽ NaN', Infinity: '▲ +∞', '-Infinity': '▼ −∞' };

/** What people must know to read the picture right. */
export interface Circumstances {
  readonly lines: readonly DrawnLine[];
  /** Runs drawn, and how many there would be without the limit. */
  readonly chosen: number;
  readonly wanted: number;
  /** Points that a log axis cannot show. */
  readonly hidden: number;
  /** The last values of the runs that are left out because they have one point only. */
  readonly singles: readonly number[];
  readonly age: number | null;
  readonly status: LoadStatus;
}

/** The notes under a chart, the most pressing first. */
export function historyNotes({ lines, chosen, wanted, hidden, singles, age, status }: Circumstances): string[] {
  const notes: string[] = [];
  if (status.kind === 'failed') {
    notes.push(`not renewed: ${status.message}`);
  }
  if (age !== null) {
    notes.push(`as of ${formatDuration(Math.max(1, Math.round(age)))} ago: the store is busy`);
  }
  if (wanted > chosen) {
    notes.push(`${chosen} of ${wanted} runs: tick or filter to choose`);
  }
  if (singles.length > 0) {
    notes.push(singlesNote(singles));
  }
  if (hidden > 0) {
    notes.push(`${hidden} ${hidden === 1 ? 'point' : 'points'} at or below 0 not on the log axis`);
  }
  notes.push(...markNotes(lines));
  if (lines.some((line) => line.thinned)) {
    notes.push('thinned: bands span min to max');
  }
  return notes;
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
