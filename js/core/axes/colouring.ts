import type { Ground } from '../colours';
import { RUN_COLOURS, runColour, sequentialColour } from '../colours';
import { formatNumber } from '../numbers';
import { findColumn } from '../runs';
import type { Theme } from '../theme';
import { ink } from '../theme';
import type { Axis, RunTable } from '../wire';
import type { AxisScale } from './axis-scale';
import { makeScale } from './axis-scale';
import { mainColumn, newAxis } from './columns';

/** The key that gives every run its own colour, the same as in the other views. */
export const BY_RUN = 'run:name';

/** Lines of one colour are drawn in one stroke, so a scale has this many. */
const STEPS = 24;

/** What the colours mean. */
export type ColourLegend =
  | { readonly kind: 'run' }
  | {
      readonly kind: 'scale';
      readonly name: string;
      readonly stops: readonly string[];
      readonly ends: readonly [string, string];
      /** The colour of what has no value; null where all have one. */
      readonly missing: string | null;
    }
  | {
      readonly kind: 'categories';
      readonly name: string;
      readonly entries: readonly { name: string; colour: string }[];
      readonly missing: string | null;
    };

/** A colour for every row, from a short list; later ones are drawn above earlier ones. */
export interface Colouring {
  readonly colours: readonly string[];
  readonly rowColour: Uint8Array;
  readonly legend: ColourLegend;
}

/** Rows to draw in one colour. */
export interface Bucket {
  readonly colour: string;
  readonly rows: readonly number[];
}

/** The column that gives the colours: the chosen one, else the main metric, else each run its own. */
export function colourKey(table: RunTable, chosen: string | null | undefined): string {
  return chosen === BY_RUN || (chosen != null && findColumn(table, chosen))
    ? chosen
    : (mainColumn(table)?.key ?? BY_RUN);
}

/** Colours the rows of a table by `key`, on the scale its axis has if it is one. */
export function makeColouring(table: RunTable, key: string, axes: readonly Axis[], theme: Theme): Colouring {
  const column = key === BY_RUN ? undefined : findColumn(table, key);
  if (column === undefined) {
    return colourByRun(table);
  }
  const log = axes.find((axis) => axis.key === key)?.log ?? newAxis(column).log ?? false;
  const scale = makeScale(column, log);
  return scale.kind === 'category' ? colourByCategory(scale, theme) : colourByValue(scale, theme);
}

/** Sorts rows into one bucket per colour, in the order of the colours. */
export function bucketRows(rows: ArrayLike<number>, colours: readonly string[], rowColour: Uint8Array): Bucket[] {
  const buckets = colours.map((colour) => ({ colour, rows: [] as number[] }));
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    buckets[rowColour[row] ?? 0]?.rows.push(row);
  }
  return buckets.filter((bucket) => bucket.rows.length > 0);
}

function colourByRun(table: RunTable): Colouring {
  const indices = new Map<string, number>(RUN_COLOURS.map((colour, index) => [colour, index]));
  const rowColour = Uint8Array.from(table.run_ids, (run) => indices.get(runColour(run, table)) ?? 0);
  return { colours: RUN_COLOURS, rowColour, legend: { kind: 'run' } };
}

function colourByCategory(scale: AxisScale, theme: Theme): Colouring {
  const colourOf = (index: number): string => RUN_COLOURS[index % RUN_COLOURS.length] ?? RUN_COLOURS[0];
  const { categories, places, column } = scale;
  const rowColour = Uint8Array.from(places, (place) =>
    Number.isNaN(place) ? 0 : 1 + (Math.floor(place * categories.length) % RUN_COLOURS.length),
  );
  const entries = categories.map((name, index) => ({ name, colour: colourOf(index) }));
  return {
    colours: [missingColour(theme), ...RUN_COLOURS],
    rowColour,
    legend: { kind: 'categories', name: column.name, entries, missing: missingIn(scale, theme) },
  };
}

/** The better end is drawn last, so that the best runs lie on top. */
function colourByValue(scale: AxisScale, theme: Theme): Colouring {
  const stops = scaleStops(theme.ground);
  const bestIsLow = scale.column.goal === 'min';
  const rowColour = Uint8Array.from(scale.places, (place) => {
    const step = Math.min(STEPS - 1, Math.floor(place * STEPS));
    return Number.isNaN(place) ? 0 : 1 + (bestIsLow ? STEPS - 1 - step : step);
  });
  return {
    colours: [missingColour(theme), ...(bestIsLow ? [...stops].reverse() : stops)],
    rowColour,
    legend: {
      kind: 'scale',
      name: scale.column.name,
      stops,
      ends: scaleEnds(scale),
      missing: missingIn(scale, theme),
    },
  };
}

function scaleStops(ground: Ground): string[] {
  return Array.from({ length: STEPS }, (_, step) => sequentialColour(step / (STEPS - 1), ground));
}

function scaleEnds({ kind, low, high }: AxisScale): [string, string] {
  if (!Number.isFinite(low)) {
    return ['', ''];
  }
  const day = (seconds: number): string => new Date(seconds * 1000).toLocaleDateString();
  return kind === 'time' ? [day(low), day(high)] : [formatNumber(low, 3), formatNumber(high, 3)];
}

function missingIn({ missing }: AxisScale, theme: Theme): string | null {
  return missing > 0 ? missingColour(theme) : null;
}

function missingColour(theme: Theme): string {
  return ink(theme, 0.35);
}
