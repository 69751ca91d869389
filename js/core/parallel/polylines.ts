import type { Bucket } from '../axes/colouring';

/** Lines across the axes: at axis `a` row `r` is at `xs[a]`, `ys[a][r]`. */
export interface Polylines {
  readonly xs: readonly number[];
  readonly ys: readonly Float32Array[];
  /** The y of what is missing: what leads there is drawn faintly. */
  readonly lane: number;
  readonly buckets: readonly Bucket[];
  readonly alpha: number;
  readonly width: number;
}

/** Lines in one stroke: more make fewer, but slower, strokes; where they cross within one, they don't add up. */
const ROWS_PER_STROKE = 40;

/** How strong lines are when there are `count` of them: fewer are bolder, many let the crowd show through. */
export function lineStrength(count: number): { alpha: number; width: number } {
  return {
    alpha: Math.min(0.95, Math.max(0.12, 6 / Math.sqrt(count + 1))),
    width: count < 60 ? 1.6 : count < 400 ? 1.2 : 1,
  };
}

/** How strong a line is where it leads to or from what is missing, in parts of its strength elsewhere. */
const FAINT = 0.3;

/** Draws lines a stroke at a time; yields how many segments each stroke drew, so that work can be spread over frames. */
export function* strokePolylines(context: CanvasRenderingContext2D, lines: Polylines): Generator<number> {
  context.lineWidth = lines.width;
  context.lineJoin = 'bevel';
  const isLacking = rowsIn(lines.ys, lines.lane);
  for (const { colour, rows } of lines.buckets) {
    context.strokeStyle = colour;
    for (let from = 0; from < rows.length; from += ROWS_PER_STROKE) {
      const part = rows.slice(from, from + ROWS_PER_STROKE);
      context.globalAlpha = lines.alpha;
      context.beginPath();
      for (const row of part) {
        traceRow(context, lines, row, isLacking[row] === 1 ? 'present' : 'all');
      }
      context.stroke();
      yield part.length * (lines.xs.length - 1);
      const partial = part.filter((row) => isLacking[row] === 1);
      if (partial.length > 0) {
        context.globalAlpha = lines.alpha * FAINT;
        context.beginPath();
        for (const row of partial) {
          traceRow(context, lines, row, 'missing');
        }
        context.stroke();
        yield partial.length * (lines.xs.length - 1);
      }
    }
  }
}

/** What of a row's line is traced: all, what lies between axes where it has values, or what leads to or from the lane. */
export type Stretch = 'all' | 'present' | 'missing';

/** Adds one row's line to the path. */
export function traceRow(
  context: CanvasRenderingContext2D,
  { xs, ys, lane }: Pick<Polylines, 'xs' | 'ys' | 'lane'>,
  row: number,
  what: Stretch,
): void {
  let before = 0;
  for (let axis = 0; axis < xs.length; axis++) {
    const x = xs[axis] ?? 0;
    const y = ys[axis]?.[row] ?? 0;
    const isMissing = y === lane || before === lane;
    if (axis === 0 || (what !== 'all' && isMissing !== (what === 'missing'))) {
      context.moveTo(x, y);
    } else {
      context.lineTo(x, y);
    }
    before = y;
  }
}

const lacking = new WeakMap<readonly Float32Array[], Uint8Array>();

/** For each row 1 if it goes through the lane of what is missing anywhere. */
function rowsIn(ys: readonly Float32Array[], lane: number): Uint8Array {
  let known = lacking.get(ys);
  if (known === undefined) {
    known = new Uint8Array(ys[0]?.length ?? 0);
    for (const column of ys) {
      for (let row = 0; row < column.length; row++) {
        known[row] ||= Number(column[row] === lane);
      }
    }
    lacking.set(ys, known);
  }
  return known;
}
