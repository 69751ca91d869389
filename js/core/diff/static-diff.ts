import { make } from '../elements';
import { runName } from '../runs';
import type { RunTable } from '../wire';
import type { MergedRow, MergedSection, MergedText } from './merge';
import type { Sides } from './sides';
import { describeMore, lineText } from './text-lines';

const MOST_ROWS = 20;
const MOST_TEXTS = 6;
const MOST_LINES = 60;
const LONGEST_LINE = 160;
const SIGNS = { same: '  ', removed: '- ', added: '+ ', skipped: '… ' } as const;

/** A diff for readers without Trackside: tables and plain text, which say it where styles are taken away. */
export function staticDiff(sections: readonly MergedSection[], sides: Sides, table: RunTable): HTMLElement {
  const changed = sections.filter(({ rows, texts }) => rows.length + texts.length > 0);
  const names = [sides.before, ...sides.after].map((run) => runName(run, table));
  const title = `${names[0] ?? ''} → ${names.slice(1).join(', ')}`;
  const parts = changed.flatMap(({ name, rows, texts }) => [
    make('div', {}, make('strong', {}, name)),
    ...(rows.length > 0 ? [staticRows(rows, names)] : []),
    ...texts.slice(0, MOST_TEXTS).map((text) => staticText(text, names)),
  ]);
  return make('div', {}, make('div', {}, title), ...(parts.length > 0 ? parts : [make('div', {}, 'nothing differs')]));
}

function staticRows(rows: readonly MergedRow[], names: readonly string[]): HTMLElement {
  const row = ({ name, before, cells }: MergedRow): HTMLElement =>
    make(
      'tr',
      {},
      make('td', {}, name),
      make('td', {}, before ?? '—'),
      ...cells.map((cell) => make('td', {}, cell ? [cell.after ?? '—', cell.said ?? ''].join(' ').trim() : '=')),
    );
  const more = rows.length - MOST_ROWS;
  return make(
    'table',
    { cellpadding: '4' },
    make('thead', {}, make('tr', {}, make('th', {}), ...names.map((name) => make('th', { align: 'left' }, name)))),
    make('tbody', {}, ...rows.slice(0, MOST_ROWS).map(row)),
    ...(more > 0 ? [make('caption', { align: 'bottom' }, `… and ${more} more`)] : []),
  );
}

function staticText({ run, difference }: MergedText, names: readonly string[]): HTMLElement {
  const { lines, more = 0 } = difference.text ?? { lines: [] };
  const left = lines.length + more - MOST_LINES;
  const shown = lines.slice(0, MOST_LINES).map((line) => SIGNS[line.kind] + cut(lineText(line)));
  const whose = names.length > 2 ? `${names[run + 1] ?? ''}: ` : '';
  return make(
    'div',
    {},
    make('div', {}, `${whose}${difference.name} (${difference.said ?? ''})`),
    make('pre', {}, [...shown, ...(left > 0 ? [describeMore(left)] : [])].join('\n')),
  );
}

function cut(text: string): string {
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE - 1)}…`;
}
