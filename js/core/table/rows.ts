import { make } from '../elements';
import { runRows } from '../runs';
import type { Column } from '../wire';
import { groupCellElement, groupCellTitle, groupNameCell } from './group-row';
import type { Group } from './groups';
import { nameCell } from './name-cell';
import type { RowContext } from './row-context';
import { runCell, runCellTitle, showSparkline } from './run-cell';

/** The first column of values is the second of the table. */
const FIRST_INDEX = 2;

/** Makes rows, each once while it is in sight; then only their marks change. */
export class RowDrawer {
  readonly #context: RowContext;
  readonly #open: ReadonlySet<string>;
  #made = new Map<string, HTMLElement>();

  constructor(context: RowContext, openGroups: readonly string[] = []) {
    this.#context = context;
    this.#open = new Set(openGroups);
  }

  /** The rows with these ids; `first` is the place of the first one among all rows, counted from 0. Others are let go. */
  rows(ids: readonly string[], first: number): HTMLElement[] {
    const kept = new Map<string, HTMLElement>();
    for (const [at, id] of ids.entries()) {
      kept.set(id, this.#row(id, first + at));
    }
    this.#made = kept;
    return [...kept.values()];
  }

  /** Shows what is ticked and hovered now. */
  showMarks(): void {
    for (const [id, row] of this.#made) {
      this.#showMarksOf(id, row);
    }
  }

  /** Draws the lines that were asked for meanwhile. */
  showSparklines(): void {
    const rows = runRows(this.#context.table);
    for (const [id, row] of this.#made) {
      const cell = row.querySelector<HTMLElement>(':scope > [data-spark]');
      if (cell) {
        showSparkline(cell, this.#context, rows.get(id) ?? 0);
      }
    }
  }

  /** What is told of a cell under the pointer. */
  describe(cell: HTMLTableCellElement): string {
    const { arrangement, columns, table } = this.#context;
    const column = columns[Number(cell.getAttribute('aria-colindex')) - FIRST_INDEX];
    const id = cell.parentElement?.dataset['row'] ?? '';
    const group = arrangement.groups.get(id);
    if (column === undefined) {
      return '';
    }
    return group
      ? groupCellTitle(this.#context, column, group)
      : runCellTitle(this.#context, column, runRows(table).get(id) ?? 0);
  }

  #row(id: string, place: number): HTMLElement {
    const row = this.#made.get(id) ?? this.#makeRow(id);
    const index = String(place + FIRST_INDEX + Number(this.#context.baselineRow !== null));
    if (row.getAttribute('aria-rowindex') !== index) {
      row.setAttribute('aria-rowindex', index);
    }
    return row;
  }

  #makeRow(id: string): HTMLElement {
    const group = this.#context.arrangement.groups.get(id);
    const row = group ? this.#makeGroupRow(group) : this.#makeRunRow(id);
    row.dataset['row'] = id;
    this.#showMarksOf(id, row);
    return row;
  }

  #makeRunRow(run: string): HTMLElement {
    const { arrangement, table, unseen } = this.#context;
    const at = runRows(table).get(run) ?? 0;
    const attributes = {
      tabindex: '-1',
      'data-run': run,
      'data-muted': table.shown_anyway?.includes(run) ?? false,
      'data-unseen': unseen.has(run),
      'aria-level': arrangement.column !== null && at !== this.#context.baselineRow && '2',
    };
    return make(
      'tr',
      attributes,
      nameCell(this.#context, run, at),
      ...this.#cells((column) => runCell(this.#context, column, at)),
    );
  }

  #makeGroupRow(group: Group): HTMLElement {
    const isOpen = this.#open.has(group.id);
    const attributes = { tabindex: '-1', 'data-group': '', 'aria-level': '1', 'aria-expanded': String(isOpen) };
    const name = groupNameCell(this.#context, group, isOpen);
    return make('tr', attributes, name, ...this.#cells((column) => groupCellElement(this.#context, column, group)));
  }

  #cells(makeCell: (column: Column) => HTMLElement): HTMLElement[] {
    const { columns, window } = this.#context;
    const cells = columns.slice(window.first, window.end).map(makeCell);
    for (const [at, cell] of cells.entries()) {
      cell.setAttribute('aria-colindex', String(window.first + at + FIRST_INDEX));
    }
    return spaced(cells, window.first, columns.length - window.end, 'td');
  }

  #showMarksOf(id: string, row: HTMLElement): void {
    const { arrangement, selection } = this.#context;
    const runs = arrangement.groups.get(id)?.runs ?? [id];
    const ticked = runs.filter((run) => selection.ticked.value.has(run)).length;
    const isTicked = ticked === runs.length;
    row.setAttribute('aria-selected', String(isTicked));
    row.toggleAttribute('data-hovered', selection.hovered.value === id);
    const box = row.querySelector('input');
    if (box) {
      box.checked = isTicked;
      box.indeterminate = ticked > 0 && !isTicked;
    }
  }
}

/** Cells with room in place of the columns that are out of sight; what is left of the width is the last one's. */
export function spaced(cells: readonly HTMLElement[], before: number, after: number, tag: 'td' | 'th'): HTMLElement[] {
  const room = (columns: number): HTMLElement =>
    make(tag, { colspan: String(columns), class: 'trackside-room', 'aria-hidden': 'true' });
  return [...(before > 0 ? [room(before)] : []), ...cells, room(after + 1)];
}
