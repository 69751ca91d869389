import { filterName } from './conditions/names';
import { formatNumber } from './numbers';
import { formatMoment } from './table/cells';
import { tagOf } from './tags';
import type { Column, RunTable } from './wire';

/** What may stand at the caret. */
export interface Suggestion {
  readonly text: string;
  /** What it is, in a word. */
  readonly kind: string;
}

/** What may be put in place of the text from `from` to `to`. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly suggestions: readonly Suggestion[];
}

const MOST = 8;
const OPERATORS = ['=', '!=', '<', '<=', '>', '>='];
const TEXT_OPERATORS = ['=', '!=', 'like', 'in'];
const NOTHING: Completion = { from: 0, to: 0, suggestions: [] };
const TOKEN = /'(?:[^']|'')*'?|"(?:[^"]|"")*"?|[<>=!]+|[()]|,|[^\s<>=!()'",]+/g;

interface Token {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/**
 * What may stand at the caret of a filter: a column's name, after it an operator, after that one of the column's values,
 * then `and` or `or`. Words to find are left alone: names are offered for what they begin with or hold.
 */
export function complete(text: string, caret: number, table: RunTable): Completion {
  const tokens = tokensOf(text.slice(0, caret));
  const last = tokens.at(-1);
  const typed =
    last !== undefined && last.to === caret && !isSign(last.text) ? last : { text: '', from: caret, to: caret };
  const before = tokens.filter((token) => token.to <= typed.from && token !== typed);
  const rest = text.slice(caret).match(/^[^\s<>=!()'",]*/)?.[0] ?? '';
  const place = { from: typed.from, to: typed.to + rest.length };
  const suggestions = suggest(before, typed.text, table);
  const isDone = suggestions.length === 1 && suggestions[0]?.text === typed.text;
  return isDone ? NOTHING : { ...place, suggestions: suggestions.slice(0, MOST) };
}

function suggest(before: readonly Token[], typed: string, table: RunTable): Suggestion[] {
  const [previous, last] = [before.at(-2), before.at(-1)];
  const column = last && findNamed(last.text, table);
  if (column) {
    const operators = column.kind === 'text' ? TEXT_OPERATORS : OPERATORS;
    return matching(
      typed,
      operators.map((text) => ({ text, kind: 'operator' })),
    );
  }
  const compared =
    previous && last && /^(?:[<>=!]+|like)$/i.test(last.text) ? findNamed(previous.text, table) : undefined;
  if (compared) {
    return matching(typed, valuesOf(compared));
  }
  if (last !== undefined && isOperand(last.text) && previous !== undefined && isComparison(previous.text)) {
    return matching(
      typed,
      ['and', 'or'].map((text) => ({ text, kind: 'word' })),
    );
  }
  // A name is offered once something of it is typed, or a condition goes on: an empty box is for words, too.
  const goesOn = last !== undefined && /^(?:and|or|not|\()$/i.test(last.text);
  return typed === '' && !goesOn ? [] : matching(typed, namesOf(table));
}

function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map((match) => ({
    text: match[0],
    from: match.index,
    to: match.index + match[0].length,
  }));
}

function isSign(text: string): boolean {
  return /^(?:[<>=!]+|[(),])$/.test(text);
}

function isComparison(text: string): boolean {
  return /^(?:[<>=!]+|like|is|not)$/i.test(text);
}

function isOperand(text: string): boolean {
  return !isSign(text) && !/^(?:and|or|not)$/i.test(text);
}

/** Those that begin with what was typed, then those that hold it; case does not matter. */
function matching(typed: string, all: readonly Suggestion[]): Suggestion[] {
  const wanted = typed.toLowerCase().replace(/^['"]/, '');
  const at = ({ text }: Suggestion): number => text.toLowerCase().replace(/^'/, '').indexOf(wanted);
  const starting = all.filter((one) => at(one) === 0);
  return [...starting, ...all.filter((one) => at(one) > 0)];
}

function namesOf(table: RunTable): Suggestion[] {
  return table.columns.map((column) => ({ text: filterName(column), kind: wordFor(column) }));
}

function wordFor(column: Column): string {
  return tagOf(column) === null ? column.group : 'tag';
}

function findNamed(text: string, table: RunTable): Column | undefined {
  const wanted = text.replaceAll('"', '').toLowerCase();
  return table.columns.find(
    (column) => filterName(column).toLowerCase() === wanted || column.key.replace(':', '.').toLowerCase() === wanted,
  );
}

/** A text's values as SQL writes them, the most frequent first; of numbers the least, the middle and the greatest. */
function valuesOf(column: Column): Suggestion[] {
  if (column.kind === 'time') {
    const moments = column.values.filter((value): value is number => typeof value === 'number');
    const newest = moments.reduce((late, moment) => Math.max(late, moment), Number.NEGATIVE_INFINITY);
    const day = Number.isFinite(newest) ? new Date(newest * 1000).toISOString().slice(0, 10) : null;
    return day === null ? [] : [{ text: `'${day}'`, kind: `day of the newest, ${formatMoment(newest)}` }];
  }
  if (column.kind === 'number') {
    const numbers = column.values.filter((value): value is number => typeof value === 'number').sort((a, b) => a - b);
    const ends = [
      { value: numbers[0], kind: 'least' },
      { value: numbers[Math.floor(numbers.length / 2)], kind: 'middle' },
      { value: numbers.at(-1), kind: 'greatest' },
    ];
    const known = new Set<number>();
    return ends.flatMap(({ value, kind }) => {
      const isNew = value !== undefined && !known.has(value);
      return isNew && known.add(value) ? [{ text: formatNumber(value), kind }] : [];
    });
  }
  const counts = new Map<string, number>();
  for (const value of column.values) {
    if (value !== null) {
      const text = typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  const ranked = [...counts].sort(([, a], [, b]) => b - a);
  return ranked.map(([text, count]) => ({ text, kind: `${count} run${count === 1 ? '' : 's'}` }));
}
