import './text-lines.css';
import { make } from '../elements';
import type { DiffLine, DiffText } from '../wire';
import { pairLines } from './line-pairs';

const SIGNS: Record<DiffLine['kind'], string> = { same: ' ', removed: '−', added: '+', skipped: '⋯' };
const SPOKEN: Partial<Record<DiffLine['kind'], string>> = { removed: 'removed', added: 'added' };

/** Draws how one text became another: in one column, or both texts side by side. */
export function textLines({ lines, more = 0 }: DiffText, sideBySide: boolean, label: string): HTMLElement {
  const rows = sideBySide
    ? pairLines(lines).map(({ before, after }) =>
        make('div', { class: 'trackside-line-pair' }, side(before), before?.kind === 'skipped' ? '' : side(after)),
      )
    : lines.map(drawLine);
  const rest = more > 0 ? [make('div', { class: 'trackside-line', 'data-kind': 'skipped' }, describeMore(more))] : [];
  return make(
    'div',
    { class: 'trackside-lines', role: 'group', 'aria-label': label, 'data-side-by-side': sideBySide },
    ...rows,
    ...rest,
  );
}

/** In words how many lines are not shown. */
export function describeMore(more: number): string {
  return `… and ${more.toLocaleString('en')} more line${more === 1 ? '' : 's'}`;
}

/** What a line says, without its sign. */
export function lineText({ kind, pieces = [], count = 1 }: DiffLine): string {
  return kind === 'skipped'
    ? `${count.toLocaleString('en')} line${count === 1 ? '' : 's'} the same`
    : pieces.map(({ text }) => text).join('');
}

function side(line: DiffLine | null): HTMLElement {
  return line ? drawLine(line) : make('div', { class: 'trackside-line', 'data-kind': 'none' });
}

function drawLine(line: DiffLine): HTMLElement {
  const { kind, pieces = [] } = line;
  const spoken = SPOKEN[kind];
  return make(
    'div',
    { class: 'trackside-line', 'data-kind': kind },
    make('span', { class: 'trackside-sign', 'aria-label': spoken ?? false, role: spoken ? 'img' : false }, SIGNS[kind]),
    kind === 'skipped'
      ? make('span', {}, lineText(line))
      : make('code', {}, ...pieces.map(({ text, changed }) => (changed ? make(wordTag(kind), {}, text) : text))),
  );
}

function wordTag(kind: DiffLine['kind']): 'ins' | 'del' {
  return kind === 'removed' ? 'del' : 'ins';
}
