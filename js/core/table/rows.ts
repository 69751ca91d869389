import { runColour } from '../colours';
import { make, makeSvg } from '../elements';
import { cellNumber } from '../numbers';
import { runName, runRows } from '../runs';
import type { Selection } from '../selection';
import type { Column, RunTable } from '../wire';
import { cellText, cellTitle } from './cells';
import { differs } from './columns';
import { deltaTo } from './comparison';
import { hasDeltas } from './widths';

const STATUS_MARKS: Readonly<Record<string, string>> = {
  running: '●',
  finished: '✓',
  failed: '✕',
  interrupted: '■',
};

const PIN =
  'M10 1.5 14.5 6l-1 1-.9-.2-2.8 2.8.3 2.8-1.1 1.1-2.9-2.9-3.7 3.4-.4-.4 3.4-3.7L2.5 7l1.1-1.1 2.8.3L9.2 3.4 9 2.5z';

/** What all rows of one drawing share. */
export interface RowContext {
  readonly table: RunTable;
  readonly columns: readonly Column[];
  readonly selection: Selection;
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
    return make('tr', { tabindex: '-1', 'data-run': run }, this.#nameCell(run, at), ...cells);
  }

  #nameCell(run: string, at: number): HTMLElement {
    const name = runName(run, this.#context.table);
    const isPinned = at === this.#context.baselineRow;
    const pinWords = isPinned ? `Stop comparing with ${name}` : `Compare the others with ${name}`;
    const swatch = make('span', { class: 'trackside-swatch', 'aria-hidden': 'true' });
    swatch.style.background = runColour(run, this.#context.table);
    const pin = make(
      'button',
      {
        type: 'button',
        tabindex: '-1',
        class: 'trackside-pin',
        title: pinWords,
        'aria-label': pinWords,
        'aria-pressed': String(isPinned),
      },
      makeSvg('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, makeSvg('path', { d: PIN })),
    );
    const box = make('input', { type: 'checkbox', tabindex: '-1', 'aria-label': `Tick ${name}` });
    const label = make('span', { class: 'trackside-label' }, name);
    const line = make('div', { class: 'trackside-name-line' }, box, swatch, label, pin);
    return make('th', { scope: 'row', class: 'trackside-name', title: name }, line);
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
