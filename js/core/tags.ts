import { findColumn } from './runs';
import type { Column, RunTable } from './wire';

/** The column that has all tags of a run in one text. */
export const TAGS_KEY = 'run:tags';
const PREFIX = 'run:tag:';

/** A tag; its value is empty where it is said by its name alone. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** The name of the tag whose values a column has; null for a column of anything else. */
export function tagOf({ key }: Column): string | null {
  return key.startsWith(PREFIX) ? key.slice(PREFIX.length) : null;
}

/** The tags of the run in a row, in the table's order. */
export function tagsAt(table: RunTable, row: number): Tag[] {
  return table.columns.flatMap((column) => {
    const [key, value] = [tagOf(column), column.values[row] ?? null];
    return key === null || value === null ? [] : [{ key, value: String(value) }];
  });
}

/** A tag as people write it: `stage=final`, or its name alone. */
export function spellTag({ key, value }: Tag): string {
  return value === '' ? key : `${key}=${value}`;
}

/** What was meant by `stage=final` or `best-so-far`; null where no name stands there. */
export function parseTag(text: string): Tag | null {
  const [key = '', ...rest] = text.split('=');
  return key.trim() === '' ? null : { key: key.trim(), value: rest.join('=').trim() };
}

/** What is missing where `parseTag` finds no name. */
export const TAG_WANTED = 'Write a tag: stage=final, or a name alone';

/** So many tags with their values are offered: among more, such as a date of each run, nobody finds one. */
export const MOST_OFFERED = 200;

/** What may be typed for a tag: names with the sign after them, then what runs have, each once and not too many. */
export function knownTags(table: RunTable): string[] {
  const columns = table.columns.filter((column) => tagOf(column) !== null);
  const keys = columns.filter(({ values }) => values.some(Boolean)).map((column) => `${tagOf(column)}=`);
  const spelt = columns.flatMap((column) =>
    [...new Set(column.values)].flatMap((value) =>
      value === null ? [] : [spellTag({ key: tagOf(column) ?? '', value: String(value) })],
    ),
  );
  return [...keys, ...spelt.slice(0, MOST_OFFERED)];
}

/** How many of these runs have each tag that any of them has. */
export function countTags(table: RunTable, runs: ReadonlySet<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [row, run] of table.run_ids.entries()) {
    for (const { key } of runs.has(run) ? tagsAt(table, row) : []) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

/** Whether the table has a column for all tags, so that they need no columns of their own. */
export function hasTagsColumn(table: RunTable): boolean {
  return findColumn(table, TAGS_KEY) !== undefined;
}
