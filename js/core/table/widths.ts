import { cellNumber } from '../numbers';
import { findColumn } from '../runs';
import { TAGS_KEY } from '../tags';
import type { Column, RunTable } from '../wire';
import { cellText } from './cells';
import { NAME_KEY } from './columns';
import type { Format, Formats } from './formats';
import { isSpark } from './sparklines';
import { titleParts } from './titles';

const SAMPLE = 100;
/** Of texts; numbers are never cut. */
const MOST_CHARACTERS = 30;
/** Characters of what a param belongs to: its head has all of them in its title. */
const MOST_OF_OWNER = 6;
/** Characters of "88 finished, 2 failed". */
const COUNTED_STATUS = 22;
/** Of the edges of two chips. */
const CHIPS = 6;
const SPARK_WIDTH = 104;
const NARROWEST_NAME = 150;
const NAME_SHARE = 0.3;

/** Widths in CSS pixels: of the name with its tick box and colour, and of the other columns. */
export interface Widths {
  readonly name: number;
  readonly others: readonly number[];
  readonly sum: number;
}

/** What decides on widths beside the values. */
export interface WidthContext {
  /** How wide a figure is, in CSS pixels. */
  readonly figure: number;
  readonly baselineRow: number | null;
  readonly isGrouped: boolean;
  readonly formats: Formats;
  /** Widths that the user chose, by column key. */
  readonly chosen: Readonly<Record<string, number>>;
  /** How wide the table is, in CSS pixels; 0 where nobody knows. */
  readonly room: number;
}

/** Widths by the longest number, the longest of the newest texts and the header, so that scrolling never shifts a column. */
export function columnWidths(table: RunTable, columns: readonly Column[], context: WidthContext): Widths {
  const { figure, baselineRow, isGrouped, room, formats, chosen } = context;
  const width = (characters: number, pixels: number): number => Math.ceil(characters * figure + pixels);
  const nameColumn = findColumn(table, NAME_KEY);
  const wanted = width(clamp(nameColumn ? longestText(nameColumn) : 0, 14, 30), 72 + notesWidth(table));
  // The name stays in sight while the others scroll: in a narrow table it must leave room for them.
  const fitting = room > 0 ? Math.min(wanted, Math.max(NARROWEST_NAME, NAME_SHARE * room)) : wanted;
  const name = chosen[NAME_KEY] ?? fitting;
  const others = columns.map((column) => {
    const own = chosen[column.key];
    if (own !== undefined) {
      return own;
    }
    if (isSpark(column)) {
      return SPARK_WIDTH;
    }
    const [owner, title] = titleParts(column);
    const header = Math.min(owner.length, MOST_OF_OWNER) + title.length + (column.goal ? 4 : 3);
    // Room for the status mark, for chips, for the best value's bold figures, and for "± 0.012".
    const mark = column.key === 'run:status' ? 2 : column.key === TAGS_KEY ? CHIPS : column.goal ? 1 : 0;
    const spread = isGrouped && column.kind === 'number' ? 10 : 0;
    const counted = isGrouped && column.key === 'run:status' ? COUNTED_STATUS : 0;
    const longest = longestText(column, formats[column.key]) + mark + spread;
    const most = column.kind === 'number' ? longest : MOST_CHARACTERS;
    const characters = clamp(Math.max(longest, counted, header), 6, Math.max(most, MOST_CHARACTERS));
    return width(characters, hasDeltas(column, baselineRow) ? 88 : 22);
  });
  return { name, others, sum: others.reduce((sum, one) => sum + one, name) };
}

/** Room for what stands beside a name: "×12" and "baseline". */
function notesWidth(table: RunTable): number {
  return (table.repeats ? 26 : 0) + (table.baseline ? 58 : 0);
}

/** Whether a column's values are shown with their difference to the baseline's. */
export function hasDeltas(column: Column, baselineRow: number | null): boolean {
  const baseline = baselineRow === null ? null : cellNumber(column.values[baselineRow]);
  return column.group === 'metric' && column.kind === 'number' && Number.isFinite(baseline);
}

const lengths = new WeakMap<Column, Map<Format | undefined, number>>();

/** How long the longest number of a column is, or the longest of its newest texts. */
function longestText(column: Column, format?: Format): number {
  const known = lengths.get(column) ?? new Map<Format | undefined, number>();
  lengths.set(column, known);
  let longest = known.get(format);
  if (longest === undefined) {
    const rows = column.kind === 'number' ? column.values.length : Math.min(SAMPLE, column.values.length);
    longest = 0;
    for (let row = 0; row < rows; row++) {
      longest = Math.max(longest, cellText(column, row, format).length);
    }
    known.set(format, longest);
  }
  return longest;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
