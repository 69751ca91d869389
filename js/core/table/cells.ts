import { type Cell, cellNumber, withSpread } from '../numbers';
import { tagOf } from '../tags';
import type { Column } from '../wire';
import { type Format, writeNumber } from './formats';
import { titleOf } from './titles';

/** What stands for a missing value. */
export const MISSING = '–';

/** A run's cell as people read it: a mean with how far its repeats are apart, and how many they are. */
export function cellText(column: Column, row: number, format?: Format): string {
  const text = valueText(column, column.values[row] ?? null, format);
  return withSpread(text, column, row);
}

/** A value of a column as people read it. */
export function valueText(column: Column, value: Cell, format?: Format): string {
  if (value === null) {
    return MISSING;
  }
  if (value === '' && tagOf(column) !== null) {
    return column.name;
  }
  const number = column.kind === 'text' ? null : cellNumber(value);
  if (number === null) {
    return String(value);
  }
  return column.kind === 'time' ? formatMoment(number) : writeNumber(column, number, format);
}

/** A cell in full, for the tool tip. */
export function cellTitle(column: Column, row: number): string {
  const cell = column.values[row] ?? null;
  if (cell === null) {
    return `${titleOf(column)}: missing`;
  }
  const shown = column.kind === 'time' && typeof cell === 'number' ? new Date(cell * 1000).toLocaleString() : cell;
  const ofRepeats = column.spreads?.[row] ? ', the mean of its repeats' : '';
  return `${titleOf(column)}: ${withSpread(String(shown), column, row)}${ofRepeats}`;
}

// Made once: making one takes longer than using it a hundred times.
const CLOCK = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' });
const DAY_AND_YEAR = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', year: 'numeric' });

/** A point in time: its clock today, else its day too, else its year too. */
export function formatMoment(seconds: number, now = new Date()): string {
  const date = new Date(seconds * 1000);
  if (date.getFullYear() !== now.getFullYear()) {
    return DAY_AND_YEAR.format(date);
  }
  const isToday = date.getMonth() === now.getMonth() && date.getDate() === now.getDate();
  return isToday ? CLOCK.format(date) : `${DAY.format(date)}, ${CLOCK.format(date)}`;
}
