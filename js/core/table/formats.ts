import { formatNumber } from '../numbers';
import { formatDuration } from '../ticks';
import type { Column, ViewState } from '../wire';

/** How a column's numbers are written. */
export type Format = NonNullable<ViewState['formats']>[string];
export type Formats = Readonly<Record<string, Format>>;

/** What can be chosen; null lets the numbers decide. */
export const FORMATS: readonly { format: Format | null; label: string }[] = [
  { format: null, label: 'Auto' },
  { format: '2', label: '2 digits' },
  { format: '4', label: '4 digits' },
  { format: '6', label: '6 digits' },
  { format: 'percent', label: 'Percent' },
  { format: 'seconds', label: 'Duration (of seconds)' },
];

/** A number of a column as it is to be written, with so many `digits` where its format leaves that open. */
export function writeNumber(column: Column, value: number, format: Format | undefined, digits = 4): string {
  if (!Number.isFinite(value)) {
    return formatNumber(value);
  }
  if (format === 'percent') {
    return `${formatNumber(value * 100, digits)}%`;
  }
  if (format === 'seconds' || (format === undefined && column.key === 'run:duration')) {
    return value < 0 ? `−${formatDuration(-value)}` : formatDuration(value);
  }
  return formatNumber(value, format === undefined ? digits : Number(format));
}

/** The state with another format of a column. */
export function withFormat(state: ViewState, key: string, format: Format | null): ViewState {
  const { [key]: _, ...others } = state.formats ?? {};
  return { ...state, formats: format === null ? others : { ...others, [key]: format } };
}
