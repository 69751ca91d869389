import { make } from '../elements';
import { cellNumber, formatNumber } from '../numbers';
import type { Column } from '../wire';
import { valueText } from './cells';
import { deltaTo } from './comparison';
import { type Format, writeNumber } from './formats';
import { commonValue, type Group, groupCell, type Summary, summarise } from './groups';
import { icon } from './icons';
import { rowButton } from './name-cell';
import type { RowContext } from './row-context';
import { deltaLine, deltaNote } from './run-cell';
import { isSpark } from './sparklines';
import { titleOf } from './titles';
import { hasDeltas } from './widths';

/** What a group is called: the column and the value that its runs share. */
export function groupLabel(column: Column | null, group: Group): string {
  return column === null ? '' : `${column.name} ${valueText(column, group.value)}`;
}

/** The first cell of a group: its value, how many runs it has, a button that shows them. */
export function groupNameCell({ arrangement, unseen }: RowContext, group: Group, isOpen: boolean): HTMLElement {
  const label = groupLabel(arrangement.column, group);
  const isUnseen = group.runs.every((run) => unseen.has(run));
  const words = `${isOpen ? 'Fold' : 'Show'} the runs of ${label}`;
  const fold = make(
    'button',
    { type: 'button', class: 'trackside-fold', 'aria-expanded': String(isOpen), 'aria-label': words, title: words },
    icon('fold'),
  );
  const count = `${group.runs.length} run${group.runs.length === 1 ? '' : 's'}`;
  const line = make(
    'div',
    { class: 'trackside-name-line' },
    make('input', { type: 'checkbox', tabindex: '-1', 'aria-label': `Tick the runs of ${label}` }),
    fold,
    make('span', { class: 'trackside-label' }, arrangement.column ? valueText(arrangement.column, group.value) : ''),
    make('span', { class: 'trackside-repeats' }, `${count} · ${arrangement.column?.name ?? ''}`),
    rowButton('eye', isUnseen ? `Draw ${label} again` : `Draw ${label} in no panel`, isUnseen),
  );
  return make('th', { scope: 'row', class: 'trackside-name', title: `${label}: ${count}` }, line);
}

/** What a group's runs have in a column: mean ± std of numbers, else the value they share. */
export function groupCellElement(context: RowContext, column: Column, group: Group): HTMLElement {
  const { baselineRow, best, causes, percent } = context;
  if (isSpark(column)) {
    return make('td', {});
  }
  const cell = make('td', { 'data-kind': column.kind }, groupText(column, group, context.formats[column.key]));
  const value = groupCell(column, group);
  if (value === null) {
    cell.dataset['missing'] = '';
  }
  const bestMean = best.of(column).group;
  if (bestMean !== null && cellNumber(value) === bestMean) {
    cell.dataset['best'] = '';
  }
  if (baselineRow !== null && hasDeltas(column, baselineRow)) {
    const areComparable = !group.runs.some((run) => causes.has(run));
    cell.append(deltaNote(deltaTo(column, value, baselineRow, percent), areComparable));
  }
  return cell;
}

/** What a group's cell reads: "0.91 ± 0.02", "adam", "3 values", "88 finished, 2 failed". */
export function groupText(column: Column, group: Group, format?: Format): string {
  const summary = column.kind === 'number' ? summarise(column, group) : null;
  if (summary !== null) {
    return summaryText(column, summary, format);
  }
  const common = commonValue(column, group);
  if ('value' in common) {
    return valueText(column, common.value, format);
  }
  return column.key === 'run:status' ? countedText(column, group) : `${common.distinct} values`;
}

/** "88 finished, 2 failed": the most first. */
function countedText(column: Column, group: Group): string {
  const counts = new Map<string, number>();
  for (const row of group.rows) {
    const text = valueText(column, column.values[row] ?? null);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([, a], [, b]) => b - a);
  return ranked.map(([text, count]) => `${count} ${text}`).join(', ');
}

function summaryText(column: Column, { mean, std }: Summary, format: Format | undefined): string {
  return `${writeNumber(column, mean, format)}${std ? ` ± ${writeNumber(column, std, format, 2)}` : ''}`;
}

/** What is told of a group's cell: how many numbers there are, mean, spread and ends. */
export function groupCellTitle(context: RowContext, column: Column, group: Group): string {
  const summary = column.kind === 'number' ? summarise(column, group) : null;
  if (isSpark(column)) {
    return '';
  }
  if (summary === null) {
    return `${titleOf(column)}: ${groupText(column, group)}`;
  }
  const { n, mean, std, min, max, nonFinite } = summary;
  const facts = [
    `n ${n}${nonFinite > 0 ? ` (and ${nonFinite} not finite)` : ''}`,
    `mean ${formatNumber(mean, 6)}`,
    ...(std === null ? [] : [`std ${formatNumber(std, 6)}`]),
    `min ${formatNumber(min, 6)}`,
    `max ${formatNumber(max, 6)}`,
  ];
  return `${titleOf(column)}\n${facts.join('\n')}${deltaLine(context, column, mean)}`;
}
