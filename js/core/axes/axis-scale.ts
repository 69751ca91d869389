import { cellNumber, formatLogTicks, formatNumber, formatTicks, withSpread } from '../numbers';
import { formatTimes, linearTicks, logTicks, timeTicks } from '../ticks';
import type { Column } from '../wire';

/** Where the values of one column lie on an axis: 0 at its lower end, 1 at its upper one. */
export interface AxisScale {
  readonly column: Column;
  readonly kind: 'number' | 'time' | 'category';
  readonly log: boolean;
  /** Whether a logarithmic axis could show every value: it has a place for zero, but none below. */
  readonly canLog: boolean;
  /** Of a numeric axis; both ends alike if all values are. */
  readonly low: number;
  readonly high: number;
  /** Of a numeric axis its lowest value above zero. */
  readonly lowest: number;
  /** Of a numeric axis that has few values, all of them. */
  readonly values: readonly number[];
  /** Of a categorical axis, from below. */
  readonly categories: readonly string[];
  /** For each row its place; NaN in the lane of what is missing or not finite. */
  readonly places: Float32Array;
  readonly missing: number;
  /** What stands in that lane: the one word that takes a number's place there, else a sign for what is missing. */
  readonly laneSign: string;
}

/** A label on an axis. */
export interface Tick {
  readonly place: number;
  readonly label: string;
}

/** Up to this many, an axis is labelled with the values themselves instead of round numbers. */
const FEW_VALUES = 10;
/** Two labels keep at least this part of the distance that round numbers have. */
const CLOSEST = 0.45;

const naturally = new Intl.Collator(undefined, { numeric: true });

/** Lays a column's values out on an axis; `log` is taken where none is below zero. */
export function makeScale(column: Column, log: boolean): AxisScale {
  return column.kind === 'number' || column.kind === 'time' ? numericScale(column, log) : categoricalScale(column);
}

/**
 * The place of a number on a numeric axis. A logarithmic one that begins at zero is linear up to the lowest value above
 * it (symlog: Webber 2013, https://doi.org/10.1088/0957-0233/24/2/027001).
 */
export function placeOf({ low, high, log, lowest }: AxisScale, value: number): number {
  if (!(high > low)) {
    return 0.5;
  }
  if (!log) {
    return (value - low) / (high - low);
  }
  return low > 0
    ? Math.log(value / low) / Math.log(high / low)
    : Math.log1p(Math.max(0, value) / lowest) / Math.log1p(high / lowest);
}

/** The number at a place of a numeric axis. */
export function numberAt({ low, high, log, lowest }: AxisScale, place: number): number {
  if (!log) {
    return low + (high - low) * place;
  }
  return low > 0 ? low * (high / low) ** place : lowest * Math.expm1(place * Math.log1p(high / lowest));
}

/** The middle of a category's share of the axis. */
export function categoryPlace(scale: AxisScale, index: number): number {
  return (index + 0.5) / scale.categories.length;
}

/** The labels of an axis that has room for about `count`. */
export function axisTicks(scale: AxisScale, count: number): Tick[] {
  if (scale.kind === 'category') {
    const stride = Math.max(1, Math.ceil(scale.categories.length / count));
    return scale.categories
      .map((label, index) => ({ place: categoryPlace(scale, index), label: label === '' ? '“”' : label }))
      .filter((_tick, index) => index % stride === 0);
  }
  const { low, kind, values } = scale;
  if (!Number.isFinite(low)) {
    return [];
  }
  if (values.length > 0 && kind === 'number') {
    return valueTicks(scale, CLOSEST / count);
  }
  const [ticks, labels] = numericTicks(scale, count);
  const found = ticks.map((tick, index) => ({ place: placeOf(scale, tick), label: labels[index] ?? '' }));
  return scale.log ? readable(found, CLOSEST / count) : found;
}

/** A run's value of a column in words. */
export function describeCell(column: Column, row: number): string {
  const cell = column.values[row] ?? null;
  if (cell === null) {
    return 'missing';
  }
  const number = cellNumber(cell);
  if (column.kind === 'time' && number !== null) {
    return new Date(number * 1000).toLocaleString();
  }
  return withSpread(number === null ? String(cell) : formatNumber(number, 5), column, row);
}

/** One label per value, but none so near the one below it that both could not be read. */
function valueTicks(scale: AxisScale, apart: number): Tick[] {
  return readable(
    scale.values.map((value) => ({ place: placeOf(scale, value), label: formatNumber(value) })),
    apart,
  );
}

/** Ascending ticks without those that are nearer than `apart` to the one below. */
function readable(ticks: readonly Tick[], apart: number): Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) {
    if (tick.place - (kept.at(-1)?.place ?? Number.NEGATIVE_INFINITY) >= apart) {
      kept.push(tick);
    }
  }
  return kept;
}

function numericTicks({ low, high, kind, log, lowest }: AxisScale, count: number): [number[], string[]] {
  if (!(high > low)) {
    return [[low], kind === 'time' ? formatTimes([low]) : [formatNumber(low, 5)]];
  }
  if (kind === 'time') {
    const ticks = timeTicks(low, high, count);
    return [ticks, formatTimes(ticks).map((label) => label.replace('\n', ' '))];
  }
  if (!log) {
    const ticks = linearTicks(low, high, count);
    return [ticks, formatTicks(ticks)];
  }
  const ticks = low > 0 ? logTicks(low, high, count) : [0, ...logTicks(lowest, high, Math.max(1, count - 1))];
  const labels = formatLogTicks(ticks);
  // Within a small part of a decade, their shortest forms may be alike.
  return [ticks, new Set(labels).size < labels.length ? formatTicks(ticks) : labels];
}

function numericScale(column: Column, wantsLog: boolean): AxisScale {
  const values = column.values.map((cell) => cellNumber(cell) ?? Number.NaN);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  let missing = 0;
  for (const value of values) {
    if (Number.isFinite(value)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      lowest = value > 0 ? Math.min(lowest, value) : lowest;
    } else {
      missing++;
    }
  }
  const canLog = column.kind === 'number' && low >= 0 && high > low;
  const bare = {
    column,
    kind: column.kind === 'time' ? 'time' : 'number',
    log: wantsLog && canLog,
    canLog,
    low,
    high,
    lowest,
    missing,
    laneSign: signOf(column.values.filter((_cell, row) => !Number.isFinite(values[row]))),
    values: fewValues(values),
    categories: [],
    places: new Float32Array(values.length),
  } as const;
  for (const [row, value] of values.entries()) {
    bare.places[row] = Number.isFinite(value) ? placeOf(bare, value) : Number.NaN;
  }
  return bare;
}

function signOf(cells: readonly Column['values'][number][]): string {
  const [word = null, ...others] = new Set(cells);
  return others.length === 0 && word !== null ? String(word) : '–';
}

function fewValues(values: readonly number[]): number[] {
  const distinct = new Set<number>();
  for (const value of values) {
    if (Number.isFinite(value)) {
      distinct.add(value);
    }
    if (distinct.size > FEW_VALUES) {
      return [];
    }
  }
  return [...distinct].sort((a, b) => a - b);
}

function categoricalScale(column: Column): AxisScale {
  const labels = column.values.map((cell) => (cell === null ? null : String(cell)));
  const categories = [...new Set(labels.filter((label) => label !== null))].sort(naturally.compare);
  const indices = new Map(categories.map((category, index) => [category, index]));
  const bare: AxisScale = {
    column,
    kind: 'category',
    log: false,
    canLog: false,
    low: Number.NaN,
    high: Number.NaN,
    lowest: Number.NaN,
    values: [],
    categories,
    places: new Float32Array(labels.length),
    missing: labels.filter((label) => label === null).length,
    laneSign: '–',
  };
  for (const [row, label] of labels.entries()) {
    const index = label === null ? undefined : indices.get(label);
    bare.places[row] = index === undefined ? Number.NaN : categoryPlace(bare, index);
  }
  return bare;
}
