import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { JSONObject } from '@lumino/coreutils';

/** Returns a notebook as it stands on the page, unsaved edits included, without its outputs. */
export function readNotebook(context: DocumentRegistry.IContext<INotebookModel>): JSONObject {
  const { model } = context;
  const cells: JSONObject[] = [];
  for (const cell of model.cells) {
    const count = 'executionCount' in cell ? (cell.executionCount as number | null) : null;
    const tags = cell.getMetadata('tags');
    cells.push({
      id: cell.id,
      cell_type: cell.type,
      source: cell.sharedModel.getSource(),
      execution_count: count,
      metadata: Array.isArray(tags) ? { tags } : {},
    });
  }
  return { path: context.localPath, dirty: model.dirty, language: model.defaultKernelLanguage, cells };
}
