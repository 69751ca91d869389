import type { Notebook } from '@jupyterlab/notebook';

export const MAGIC = '%%track';
/** The magic, below comments and other magics of the cell. */
const IS_TRACKED = /^(?:[ \t]*(?:#.*|%%.*)?\n)*?[ \t]*%%track\b/;
const LOADS_TRACKSIDE = /^\s*(?:import\s+trackside\b|from\s+trackside\b|%(?:re)?load_ext\s+trackside\b)/m;
const IMPORT = 'import trackside as ts';

/** Whether the active cell is one that `trackCell` can do something to. */
export function canTrack({ activeCell, model }: Pick<Notebook, 'activeCell' | 'model'>): boolean {
  const cell = activeCell?.model;
  return cell?.type === 'code' && !model?.readOnly && !IS_TRACKED.test(cell.sharedModel.getSource());
}

/**
 * Puts `%%track` on top of the active cell, where it can be undone. Where no cell loads Trackside, one that does is put
 * above, not run.
 */
export function trackCell(notebook: Notebook): void {
  const { activeCell, model, activeCellIndex } = notebook;
  if (activeCell === null || model === null || !canTrack(notebook)) {
    return;
  }
  activeCell.model.sharedModel.updateSource(0, 0, `${MAGIC}\n`);
  const isLoaded = [...model.cells].some(({ sharedModel }) => LOADS_TRACKSIDE.test(sharedModel.getSource()));
  if (!isLoaded) {
    model.sharedModel.insertCell(activeCellIndex, { cell_type: 'code', source: IMPORT, metadata: { trusted: true } });
    notebook.activeCellIndex = activeCellIndex + 1;
  }
}
