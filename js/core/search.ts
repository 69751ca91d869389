import { CONDITION_SIGNS, type Column, type RunTable } from './wire';

const SIGNS = new RegExp(CONDITION_SIGNS);
const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'is', 'in', 'like', 'ilike', 'between']);
/** Handles of one run, which only a kernel knows: by its place, or by a word that may stand in a name, too. */
const HANDLE = /^(last~\d+|#\d+|baseline:[\w.-]+)$/;
const HANDLE_WORDS: ReadonlySet<string> = new Set(['last', 'best', 'baseline']);
/** Fewer letters would be found in most ids by chance. */
const SHORTEST_ID = 4;

/** What a text in the filter box is, as far as can be told by looking at it. */
export type FilterKind = 'words' | 'condition' | 'unclear';

/** Tells words to find from conditions; a word that names a yes-or-no column is a condition, "cats and dogs" is unclear. */
export function kindOfFilter(text: string, table: RunTable): FilterKind {
  if (SIGNS.test(text) || HANDLE.test(text)) {
    return 'condition';
  }
  if (HANDLE_WORDS.has(text)) {
    return 'unclear';
  }
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const isUnclear = words.some((word) => KEYWORDS.has(word) || table.columns.some((column) => isSwitch(column, word)));
  return isUnclear ? 'unclear' : 'words';
}

/** The runs in whose names, tags, other texts or id every word of `text` stands, upper or lower case. */
export function searchRuns(table: RunTable, text: string): string[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const texts = table.columns.filter((column) => column.kind === 'text');
  return table.run_ids.filter((run, row) => {
    const values = texts.map((column) => String(column.values[row] ?? '').toLowerCase());
    return words.every((word) => isPartOfId(word, run) || values.some((value) => value.includes(word)));
  });
}

/** Whether every word of `text` stands in a label, upper or lower case. */
export function hasWords(label: string, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => label.toLowerCase().includes(word));
}

function isSwitch({ kind, key, name }: Column, word: string): boolean {
  return kind === 'bool' && [name, key.slice(key.indexOf(':') + 1)].some((known) => known.toLowerCase() === word);
}

function isPartOfId(word: string, run: string): boolean {
  return word.length >= SHORTEST_ID && (run.startsWith(word) || run.endsWith(word));
}
