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
  readonly age: number | null;
  readonly status: LoadStatus;
}

/** The notes under a chart, the most pressing first. */
export function historyNotes({ lines, chosen, wanted, hidden, age, status }: Circumstances): string[] {
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
  if (hidden > 0) {
    notes.push(`${hidden} ${hidden === 1 ? 'point' : 'points'} at or below 0 not on the log axis`);
  }
  notes.push(...markNotes(lines));
  if (lines.some((line) => line.thinned)) {
    notes.push('thinned: bands span min to max');
  }
  return notes;
}

function markNotes(lines: readonly DrawnLine[]): string[] {
  const counts = new Map<NonFiniteKind, number>();
  for (const mark of lines.flatMap((line) => line.marks)) {
    counts.set(mark.kind, (counts.get(mark.kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${SIGNS[kind]} × ${count}`);
}
