import { runColour } from '../colours';
import { make } from '../elements';
import { SIGN } from '../incomparable';
import { type Cell, cellNumber } from '../numbers';
import { runName } from '../runs';
import { statusMark } from '../status-mark';
import { TAGS_KEY, tagOf } from '../tags';
import type { Column } from '../wire';
import { cellText, cellTitle } from './cells';
import { differs } from './columns';
import { type Delta, deltaTo, describeDelta } from './comparison';
import type { RowContext } from './row-context';
import { sparkline } from './sparkline';
import { isSpark, sparkMetric } from './sparklines';
import { tagChips } from './tags-cell';
import { hasDeltas } from './widths';

/** The column of what people wrote on runs. */
export const NOTE_KEY = 'run:note';

const WRITING_HINTS: Readonly<Record<string, string>> = {
  [NOTE_KEY]: '\nDouble-click to edit',
  [TAGS_KEY]: '\nDouble-click to add one',
};

/** What a run has in a column, and how that stands to the baseline's. */
export function runCell(context: RowContext, column: Column, at: number): HTMLElement {
  const cell = document.createElement('td');
  cell.dataset['kind'] = column.kind;
  if (isSpark(column)) {
    cell.dataset['spark'] = '';
    showSparkline(cell, context, at);
    return cell;
  }
  const text = cellText(column, at, context.formats[column.key]);
  if (column.values[at] == null) {
    cell.dataset['missing'] = '';
  }
  if (column.key === 'run:status') {
    cell.dataset['status'] = text;
    cell.append(statusMark(text));
  }
  if (isBest(context, column, at)) {
    cell.dataset['best'] = '';
  }
  if (column.key === NOTE_KEY) {
    cell.dataset['writes'] = 'note';
  }
  if (column.key === TAGS_KEY) {
    cell.dataset['writes'] = 'tag';
    cell.append(...(column.values[at] == null ? [text] : tagChips(context, at)));
    return cell;
  }
  const isChip = tagOf(column) !== null && column.values[at] != null;
  cell.append(isChip ? make('span', { class: 'trackside-chip' }, text) : text);
  compare(cell, context, column, at);
  return cell;
}

/** Draws a run's line into its cell, once there is one. */
export function showSparkline(cell: HTMLElement, { sparks, table }: RowContext, at: number): void {
  const run = table.run_ids[at] ?? '';
  const path = sparks.path(run);
  const words = `${sparkMetric(table)} of ${runName(run, table)}`;
  cell.replaceChildren(...(path === null ? [] : [sparkline(path, runColour(run, table), words)]));
}

/** What is told of a run's cell: its value in full, whether it is the best. */
export function runCellTitle(context: RowContext, column: Column, at: number): string {
  if (isSpark(column)) {
    return `${sparkMetric(context.table)} over its steps`;
  }
  const best = isBest(context, column, at) ? ' (best)' : '';
  const hint = context.isMarkable ? (WRITING_HINTS[column.key] ?? '') : '';
  return `${cellTitle(column, at)}${hint}${best}${at === context.baselineRow ? '' : deltaLine(context, column, column.values[at], causeAt(context, at))}`;
}

/** A line that tells the difference to the baseline, for the tool tip; empty where there is none. */
export function deltaLine(
  { baselineRow, table }: RowContext,
  column: Column,
  value: Cell | undefined,
  cause?: string,
): string {
  if (baselineRow === null || !hasDeltas(column, baselineRow)) {
    return '';
  }
  const words = describeDelta(column, value, baselineRow, cause);
  return words === null ? '' : `\nagainst ${runName(table.run_ids[baselineRow] ?? '', table)}: ${words}`;
}

/** How far a value is from the baseline's. The room for it is there, be there a difference or not. */
export function deltaNote(delta: Delta | null, isComparable = true): HTMLElement {
  if (delta !== null && !isComparable) {
    const verdict = { class: 'trackside-delta', 'data-verdict': 'incomparable' };
    return make('span', verdict, `${SIGN} `, make('s', {}, delta.text));
  }
  return make('span', { class: 'trackside-delta', 'data-verdict': delta?.verdict ?? false }, delta?.text ?? '');
}

function causeAt({ causes, table }: RowContext, at: number): string | undefined {
  return causes.get(table.run_ids[at] ?? '');
}

function isBest({ best }: RowContext, column: Column, at: number): boolean {
  const value = best.of(column).run;
  return value !== null && cellNumber(column.values[at]) === value;
}

function compare(cell: HTMLElement, context: RowContext, column: Column, at: number): void {
  const { baselineRow, table, percent } = context;
  if (column.group === 'run') {
    return;
  }
  if (baselineRow === null) {
    cell.toggleAttribute('data-constant', !differs(column) && table.run_ids.length > 1);
  } else if (column.group === 'param') {
    cell.toggleAttribute('data-changed', column.values[at] !== column.values[baselineRow]);
  } else if (hasDeltas(column, baselineRow)) {
    const delta = at === baselineRow ? null : deltaTo(column, column.values[at], baselineRow, percent);
    cell.append(deltaNote(delta, causeAt(context, at) === undefined));
  }
}
