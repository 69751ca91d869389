import type { Cell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { type Undo, undoAll } from '../../core/undo';
import type { CellRuns } from '../../core/wire';
import { cellMark } from './cell-mark';
import type { FollowedCells } from './follow-cells';

/** Where a mark stands: beside the cell's prompt, also where its input is collapsed. */
const PLACE = ':scope > .jp-Cell-inputWrapper';

interface Drawn {
  readonly runs: CellRuns;
  readonly element: HTMLElement;
}

/** Keeps a mark beside each cell of a notebook that has runs; `show` is called with the runs of one that is clicked. */
export function markCells(
  notebook: Notebook,
  { cells }: FollowedCells,
  show: (runIds: readonly string[]) => void,
  trans: TranslationBundle,
): Undo {
  const drawn = new Map<Cell, Drawn>();
  const awaited = new WeakSet<Cell>();
  let isPlanned = false;
  let isOver = false;

  const draw = (cell: Cell, runs: CellRuns | undefined): void => {
    const before = drawn.get(cell);
    if (before && runs && isSame(before.runs, runs)) {
      return;
    }
    const place = cell.node.querySelector(PLACE);
    if (runs === undefined || place === null) {
      before?.element.remove();
      drawn.delete(cell);
      return;
    }
    const element = cellMark(runs, () => show(runs.run_ids), trans);
    if (before) {
      before.element.replaceWith(element);
    } else {
      place.append(element);
    }
    drawn.set(cell, { runs, element });
  };
  const drawAll = (): void => {
    isPlanned = false;
    if (isOver) {
      return;
    }
    const byCell = new Map(cells.value.map((runs) => [runs.cell_id, runs]));
    const shown = new Set<Cell>(notebook.widgets);
    for (const cell of shown) {
      draw(cell, byCell.get(cell.model.id));
      if (cell.isPlaceholder() && !awaited.has(cell)) {
        awaited.add(cell);
        void cell.ready.then(plan);
      }
    }
    for (const cell of drawn.keys()) {
      if (!shown.has(cell)) {
        drawn.delete(cell);
      }
    }
  };
  const plan = (): void => {
    if (!isPlanned) {
      isPlanned = true;
      queueMicrotask(drawAll);
    }
  };
  const list = notebook.model?.cells;
  list?.changed.connect(plan);
  plan();
  return undoAll([
    () => {
      isOver = true;
      for (const { element } of drawn.values()) {
        element.remove();
      }
    },
    cells.subscribe(plan),
    () => list?.changed.disconnect(plan),
  ]);
}

function isSame(one: CellRuns, other: CellRuns): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
