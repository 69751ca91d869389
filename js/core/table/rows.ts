import { runColour } from '../colours';
import { make } from '../elements';
import { cellNumber } from '../numbers';
import { runName, runRows } from '../runs';
import type { Selection } from '../selection';
import type { Column, RunTable } from '../wire';
import { cellText, cellTitle } from './cells';
import { differs } from './columns';
import { deltaTo } from './comparison';
import { icon } from './icons';
import { hasDeltas } from './widths';

const STATUS_MARKS: Readonly<Record<string, string>> = {
  running: '●',
  finished: '✓',
  failed: '✕',
  interrupted: '■',
};

/** What all rows of one drawing share. */
export interface RowContext {
  readonly table: RunTable;
  readonly columns: readonly Column[];
  readonly selection: Selection;
  /** Whether runs can be starred now. */
  readonly isMarkable: boolean;
  /** The pinned run's row in the table of runs. */
  readonly baselineRow: number | null;
  /** By column key, the value that says best. */
  readonly best: ReadonlyMap<string, number | null>;
}

/** Makes rows, each once; then only their marks change. */
export class RowDrawer {
  readonly #context: RowContext;
  readonly #made = new Map<string, HTMLElement>();

  constructor(context: RowContext) {
    this.#context = context;
  }

  /** The row of a run; `index` is its place among all rows, counted from 1 after the header. */
  row(run: string, index: number): HTMLElement {
    let row = this.#made.get(run);
    if (row === undefined) {
      row = this.#makeRow(run);
      this.#made.set(run, row);
      this.#showMarksOf(run, row);
    }
    row.setAttribute('aria-rowindex', String(index + 1 + Number(this.#context.baselineRow !== null)));
    return row;
  }

  /** Shows what is ticked and hovered now. */
  showMarks(): void {
    for (const [run, row] of this.#made) {
      this.#showMarksOf(run, row);
    }
  }

  #showMarksOf(run: string, row: HTMLElement): void {
    const { ticked, hovered } = this.#context.selection;
    const isTicked = ticked.value.has(run);
    row.setAttribute('aria-selected', String(isTicked));
    row.toggleAttribute('data-hovered', hovered.value === run);
    const box = row.querySelector('input');
    if (box) {
      box.checked = isTicked;
    }
  }

  #makeRow(run: string): HTMLElement {
    const at = runRows(this.#context.table).get(run) ?? 0;
    const cells = this.#context.columns.map((column) => this.#makeCell(column, at));
    const isMuted = this.#context.table.shown_anyway?.includes(run) ?? false;
    return make('tr', { tabindex: '-1', 'data-run': run, 'data-muted': isMuted }, this.#nameCell(run, at), ...cells);
  }

  #nameCell(run: string, at: number): HTMLElement {
    const { table, baselineRow } = this.#context;
    const name = runName(run, table);
    const isPinned = at === baselineRow;
    const pinWords = isPinned ? `Stop comparing with ${name}` : `Compare the others with ${name}`;
    const swatch = make('span', { class: 'trackside-swatch', 'aria-hidden': 'true' });
    swatch.style.background = runColour(run, table);
    const pin = rowButton('pin', pinWords, isPinned);
    const box = make('input', { type: 'checkbox', tabindex: '-1', 'aria-label': `Tick ${name}` });
    const label = make('span', { class: 'trackside-label' }, name);
    const notes = [...repeatNote(table, at), ...(run === table.baseline ? [baselineBadge()] : [])];
    const line = make(
      'div',
      { class: 'trackside-name-line' },
      box,
      swatch,
      label,
      ...notes,
      this.#star(run, name),
      pin,
    );
    return make('th', { scope: 'row', class: 'trackside-name', title: name }, line);
  }

  /** A button where a star can be kept, else the star itself. */
  #star(run: string, name: string): HTMLElement {
    const { isMarkable, table } = this.#context;
    const isStarred = table.starred?.includes(run) ?? false;
    if (isMarkable) {
      return rowButton('star', isStarred ? `Take the star from ${name}` : `Star ${name}`, isStarred);
    }
    return isStarred
      ? make(
          'span',
          { class: 'trackside-star', role: 'img', 'aria-label': 'starred', 'aria-pressed': 'true' },
          icon('star'),
        )
      : make('span', { class: 'trackside-star' });
  }

  #makeCell(column: Column, at: number): HTMLElement {
    const text = cellText(column, at);
    const cell = make('td', { 'data-kind': column.kind, title: cellTitle(column, at) });
    if (column.values[at] == null) {
      cell.dataset['missing'] = '';
    }
    if (column.key === 'run:status') {
      cell.dataset['status'] = text;
      cell.append(make('span', { class: 'trackside-mark', 'aria-hidden': 'true' }, STATUS_MARKS[text] ?? '·'));
    }
    const best = this.#context.best.get(column.key) ?? null;
    if (best !== null && cellNumber(column.values[at]) === best) {
      cell.dataset['best'] = '';
      cell.title += ' (best)';
    }
    cell.append(text);
    this.#compare(cell, column, at);
    return cell;
  }

  #compare(cell: HTMLElement, column: Column, at: number): void {
    const { baselineRow, table } = this.#context;
    if (column.group === 'run') {
      return;
    }
    if (baselineRow === null) {
      cell.toggleAttribute('data-constant', !differs(column) && table.run_ids.length > 1);
      return;
    }
    if (column.group === 'param') {
      cell.toggleAttribute('data-changed', column.values[at] !== column.values[baselineRow]);
      return;
    }
    if (hasDeltas(column, baselineRow)) {
      const delta = at === baselineRow ? null : deltaTo(column, at, baselineRow);
      cell.append(
        make('span', { class: 'trackside-delta', 'data-verdict': delta?.verdict ?? false }, delta?.text ?? ''),
      );
    }
  }
}

function rowButton(name: 'pin' | 'star', words: string, isPressed: boolean): HTMLElement {
  return make(
    'button',
    {
      type: 'button',
      tabindex: '-1',
      class: `trackside-${name}`,
      title: words,
      'aria-label': words,
      'aria-pressed': String(isPressed),
    },
    icon(name),
  );
}

/** "×3" on the run that stands for three; the others are not shown, or not said to be more than themselves. */
function repeatNote(table: RunTable, at: number): HTMLElement[] {
  const repeats = table.repeats?.[at] ?? 1;
  if (repeats < 2 || table.shown_anyway?.includes(table.run_ids[at] ?? '')) {
    return [];
  }
  const title = `${repeats} runs came out just like this one; the newest is shown`;
  return [make('span', { class: 'trackside-repeats', title }, `×${repeats}`)];
}

function baselineBadge(): HTMLElement {
  return make('span', { class: 'trackside-badge', title: 'The run that others are held against' }, 'baseline');
}
