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
const WIDE_ROWS_PER_STROKE = 4;
/** Lines wider than a pixel of the screen are filled as shapes, which takes about so many times as long. */
const WIDE_COST = 30;
/** So many lines are a shade, where nobody sees how wide each is. */
const CROWD = 1000;

/** How strong lines are. */
export interface Strength {
  readonly alpha: number;
  readonly width: number;
}

/**
 * How strong lines are when there are `count` of them: fewer are bolder, many let the crowd show through. A CSS pixel is
 * `ratio` pixels wide; a crowd is drawn with lines of one.
 */
export function lineStrength(count: number, ratio: number): Strength {
  const strength = {
    alpha: Math.min(0.95, Math.max(0.12, 6 / Math.sqrt(count + 1))),
    width: count < 60 ? 1.6 : count < 400 ? 1.2 : 1,
  };
  return count < CROWD ? strength : thinned(strength, ratio);
}

/** Lines a pixel of the screen wide, with as much colour as those of `strength`. */
export function thinned({ alpha, width }: Strength, ratio: number): Strength {
  return { alpha: Math.min(0.95, alpha * Math.max(1, width * ratio)), width: Math.min(width, 1 / ratio) };
}

/** What it costs to draw all of them, in segments of lines that are a pixel wide. */
export function linesCost({ xs, buckets, width }: Polylines, ratio: number): number {
  const rows = buckets.reduce((sum, bucket) => sum + bucket.rows.length, 0);
  return strokeCost(rows * (xs.length - 1), width, ratio);
}

function strokeCost(segments: number, width: number, ratio: number): number {
  return segments * (isWide(width, ratio) ? WIDE_COST : 1);
}

function isWide(width: number, ratio: number): boolean {
  return width * ratio > 1.001;
}

/** How strong a line is where it leads to or from what is missing, in parts of its strength elsewhere. */
const FAINT = 0.3;

/** Draws lines a stroke at a time; yields what each stroke cost, so that work can be spread over frames. */
export function* strokePolylines(context: CanvasRenderingContext2D, lines: Polylines): Generator<number> {
  context.lineWidth = lines.width;
  context.lineJoin = 'bevel';
  const isLacking = rowsIn(lines.ys, lines.lane);
  const ratio = context.getTransform().a;
  const atOnce = isWide(lines.width, ratio) ? WIDE_ROWS_PER_STROKE : ROWS_PER_STROKE;
  const cost = (rows: number): number => strokeCost(rows * (lines.xs.length - 1), lines.width, ratio);
  for (const { colour, rows } of lines.buckets) {
    context.strokeStyle = colour;
    for (let from = 0; from < rows.length; from += atOnce) {
      const part = rows.slice(from, from + atOnce);
      context.globalAlpha = lines.alpha;
      context.beginPath();
      for (const row of part) {
        traceRow(context, lines, row, isLacking[row] === 1 ? 'present' : 'all');
      }
      context.stroke();
      yield cost(part.length);
      const partial = part.filter((row) => isLacking[row] === 1);
      if (partial.length > 0) {
        context.globalAlpha = lines.alpha * FAINT;
        context.beginPath();
        for (const row of partial) {
          traceRow(context, lines, row, 'missing');
        }
        context.stroke();
        yield cost(partial.length);
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
