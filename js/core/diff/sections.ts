import { make } from '../elements';
import { runLabel } from '../run-label';
import { runName } from '../runs';
import type { Difference, RunTable } from '../wire';
import type { MergedRow, MergedSection, MergedText } from './merge';
import type { Sides } from './sides';
import { textLines } from './text-lines';

/** A longer change is folded until somebody opens it. */
const OPEN_LINES = 60;

/** What the parts are drawn with. */
export interface SectionContext {
  readonly sides: Sides;
  readonly table: RunTable;
  readonly sideBySide: boolean;
  /** Parts that somebody closed or opened, by name: what holds when they are drawn anew. */
  readonly opened: Map<string, boolean>;
}

/** Draws the parts that changed, then in one line what did not. */
export function drawSections(sections: readonly MergedSection[], context: SectionContext): HTMLElement[] {
  const changed = sections.filter(({ rows, texts }) => rows.length + texts.length > 0);
  const same = sections.filter((section) => !changed.includes(section) && section.same).map((section) => section.same);
  return [
    ...changed.map((section) => drawSection(section, context)),
    ...(changed.length === 0 ? [make('p', { class: 'trackside-empty' }, 'Nothing differs.')] : []),
    ...(same.length > 0 ? [make('p', { class: 'trackside-diff-same' }, `the same: ${same.join(', ')}`)] : []),
  ];
}

function drawSection(section: MergedSection, context: SectionContext): HTMLElement {
  const { name, rows, texts, same, more, notes } = section;
  const count = rows.length + texts.length;
  return folding(
    name,
    true,
    context,
    [
      make('strong', {}, name),
      make('span', {}, ` ${count.toLocaleString('en')} changed${same ? ` · ${same} the same` : ''}`),
    ],
    [
      ...notes.map((note) => make('p', { class: 'trackside-diff-note' }, note)),
      ...(rows.length > 0 ? [valueTable(name, rows, context)] : []),
      ...texts.map((text) => drawText(name, text, context)),
      ...(more > 0 ? [make('p', { class: 'trackside-diff-same' }, `… and ${more} more: Runs.diff().df has all`)] : []),
    ],
  );
}

function folding(
  key: string,
  isOpen: boolean,
  { opened }: SectionContext,
  summary: readonly HTMLElement[],
  body: readonly HTMLElement[],
): HTMLElement {
  const details = make(
    'details',
    { open: opened.get(key) ?? isOpen, toggle: () => opened.set(key, details.open) },
    make('summary', {}, ...summary),
    ...body,
  );
  return details;
}

function valueTable(name: string, rows: readonly MergedRow[], { sides, table }: SectionContext): HTMLElement {
  const heads = [sides.before, ...sides.after].map((run) => make('th', { scope: 'col' }, runName(run, table)));
  return make(
    'table',
    { class: 'trackside-diff-values', 'aria-label': name },
    make('thead', {}, make('tr', {}, make('td', {}), ...heads)),
    make('tbody', {}, ...rows.map(valueRow)),
  );
}

function valueRow({ name, before, cells }: MergedRow): HTMLElement {
  return make(
    'tr',
    {},
    make('th', { scope: 'row', title: name }, make('bdi', {}, name)),
    make('td', {}, value(before)),
    ...cells.map((cell) => make('td', {}, ...valueParts(cell, before))),
  );
}

function valueParts(cell: Difference | null, before: string | null): HTMLElement[] {
  if (cell === null) {
    return [make('span', { class: 'trackside-diff-equal', title: before ?? false, 'aria-label': 'the same' }, '=')];
  }
  const said = cell.said
    ? [make('span', { class: 'trackside-diff-said', 'data-tone': cell.tone ?? false }, cell.said)]
    : [];
  return [value(cell.after ?? null), ...said];
}

function value(text: string | null): HTMLElement {
  return text === null
    ? make('span', { class: 'trackside-diff-equal', 'aria-label': 'nothing' }, '—')
    : make('code', {}, make('bdi', {}, text));
}

function drawText(section: string, { run, difference }: MergedText, context: SectionContext): HTMLElement {
  const { sides, table, sideBySide } = context;
  const { name, said = '', text } = difference;
  const lines = text ?? { lines: [] };
  const whose = sides.after.length > 1 ? [runLabel(sides.after[run] ?? '', table)] : [];
  return folding(
    `${section} ${run} ${name}`,
    lines.lines.length <= OPEN_LINES,
    context,
    [...whose, make('code', {}, make('bdi', {}, name)), make('span', {}, ` ${said}`)],
    [textLines(lines, sideBySide && isOnBothSides(difference), `${name} ${said}`)],
  );
}

/** What came or went as a whole has nothing to stand beside. */
function isOnBothSides({ text }: Difference): boolean {
  const kinds = new Set(text?.lines.map(({ kind }) => kind));
  return kinds.has('same') || kinds.has('skipped') || (kinds.has('removed') && kinds.has('added'));
}
