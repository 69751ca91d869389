import { encodeFloats } from '../numbers';
import type { History, Line } from '../wire';
import { type DrawnLine, decodeLines, smoothLines } from './lines';

/** A line on the wire whose points stand for themselves. */
export function wireLine(run: string, x: number[], y: number[], more: Partial<Line> = {}): Line {
  const values = encodeFloats(y);
  return {
    run_id: run,
    x: encodeFloats(x),
    low: values,
    high: values,
    mean: values,
    thinned: false,
    points: x.length,
    non_finite: { x: '', kinds: [] },
    ...more,
  };
}

export function history(...lines: Line[]): History {
  return { answer: 'history', metric: 'loss', x: 'step', lines };
}

export function drawnLines(...lines: Line[]): DrawnLine[] {
  return smoothLines(decodeLines(history(...lines)), 0);
}
