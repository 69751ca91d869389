import type { Column } from './wire';

/** One cell of the table of runs. */
export type Cell = Column['values'][number];

const BYTES = 8;
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
const THOUSANDS: readonly (readonly [number, string])[] = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** A run's value of a column, which is written already, with how far apart the repeats are of which it is the mean. */
export function withSpread(text: string, { spreads }: Column, row: number): string {
  const spread = spreads?.[row];
  return spread ? `${text} ${spread}` : text;
}

/** Reads the wire's `Floats`: base64 of little-endian 64-bit floats, whatever the machine's own order. */
export function decodeFloats(base64: string): Float64Array {
  const text = atob(base64);
  if (text.length % BYTES !== 0) {
    throw new Error(`Found ${text.length} bytes of numbers, expected a multiple of ${BYTES}: the answer was cut short`);
  }
  // Plain loops: `from` with a function takes ten times as long.
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    bytes[at] = text.charCodeAt(at);
  }
  if (IS_LITTLE_ENDIAN) {
    return new Float64Array(bytes.buffer);
  }
  const view = new DataView(bytes.buffer);
  const floats = new Float64Array(text.length / BYTES);
  for (let at = 0; at < floats.length; at++) {
    floats[at] = view.getFloat64(at * BYTES, true);
  }
  return floats;
}

/** Writes numbers as the wire's `Floats`. */
export function encodeFloats(values: ArrayLike<number>): string {
  const bytes = new DataView(new ArrayBuffer(values.length * BYTES));
  for (let at = 0; at < values.length; at++) {
    bytes.setFloat64(at * BYTES, values[at] ?? Number.NaN, true);
  }
  let text = '';
  for (let at = 0; at < bytes.byteLength; at++) {
    text += String.fromCharCode(bytes.getUint8(at));
  }
  return btoa(text);
}

/** The number in a cell; `"NaN"`, `"Infinity"` and `"-Infinity"` are the wire's non-finite ones. Null if it is not a number. */
export function cellNumber(cell: Cell | undefined): number | null {
  if (typeof cell === 'number') {
    return cell;
  }
  return cell === 'NaN' || cell === 'Infinity' || cell === '-Infinity' ? Number(cell) : null;
}

/** A number as people read it: `digits` significant digits, no trailing zeros, exponents only where they are shorter. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  }
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    return tidyExponent(value.toExponential(digits - 1));
  }
  if (Number.isInteger(value) || size >= 10 ** digits) {
    return String(Math.round(value));
  }
  return String(Number(value.toPrecision(digits)));
}

/** The labels of an axis: all with the same unit and as many digits as tell neighbours apart. */
export function formatTicks(ticks: readonly number[]): string[] {
  const largest = Math.max(...ticks.map(Math.abs));
  const gap = smallestGap(ticks);
  if (largest > 0 && (largest < 1e-3 || largest >= 1e12)) {
    const digits = Math.max(0, Math.ceil(Math.log10(largest / gap) - 1e-9));
    return ticks.map((tick) => (tick === 0 ? '0' : tidyExponent(tick.toExponential(Math.min(digits, 15)))));
  }
  const [unit, suffix] = (largest >= 1e4 && THOUSANDS.find(([size]) => largest >= size)) || [1, ''];
  const decimals = Math.min(15, Math.max(0, Math.ceil(-Math.log10(gap / unit) - 1e-9)));
  return ticks.map((tick) => (tick === 0 ? '0' : `${(tick / unit).toFixed(decimals)}${suffix}`));
}

/** The labels of a logarithmic axis: each in its own shortest form. */
export function formatLogTicks(ticks: readonly number[]): string[] {
  return ticks.map((tick) => {
    const [unit, suffix] = (tick >= 1e4 && tick < 1e12 && THOUSANDS.find(([size]) => tick >= size)) || [1, ''];
    return `${formatNumber(tick / unit, 3)}${suffix}`;
  });
}

function smallestGap(ticks: readonly number[]): number {
  let gap = Number.POSITIVE_INFINITY;
  for (let at = 1; at < ticks.length; at++) {
    gap = Math.min(gap, Math.abs((ticks[at] ?? 0) - (ticks[at - 1] ?? 0)));
  }
  return Number.isFinite(gap) && gap > 0 ? gap : Math.abs(ticks[0] ?? 0) || 1;
}

function tidyExponent(text: string): string {
  const [digits, exponent] = text.split('e');
  return `${Number(digits)}e${Number(exponent)}`;
}
