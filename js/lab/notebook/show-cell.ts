import type { Notebook } from '@jupyterlab/notebook';

/** Makes a cell the active one, in command mode, and brings it into sight. */
export function showCell(notebook: Notebook, index: number): void {
  notebook.activeCellIndex = index;
  notebook.deselectAll();
  notebook.mode = 'command';
  notebook.activate();
  void notebook.scrollToItem(index, 'smart');
}

/** Shows the cell with this id; false where the notebook has none. */
export function showCellById(notebook: Notebook, id: string): boolean {
  const index = notebook.widgets.findIndex(({ model }) => model.id === id);
  if (index >= 0) {
    showCell(notebook, index);
  }
  return index >= 0;
}
