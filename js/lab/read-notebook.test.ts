import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel } from '@jupyterlab/notebook';
import { expect, test } from 'vitest';
import { readNotebook } from './read-notebook';

function cell(type: string, source: string, more: object = {}) {
  return {
    id: source.length.toString(),
    type,
    sharedModel: { getSource: () => source },
    getMetadata: () => null,
    ...more,
  };
}

test('a notebook is read as it stands on the page, without outputs', () => {
  const outputs = { toJSON: () => ['megabytes'] };
  const cells = [
    cell('markdown', '# Train'),
    cell('code', 'lr = 0.1', { executionCount: 3, outputs, getMetadata: () => ['parameters'] }),
  ];
  const model = { cells, dirty: true, defaultKernelLanguage: 'python' };
  const context = { model, localPath: 'work/train.ipynb' } as unknown as DocumentRegistry.IContext<INotebookModel>;
  const read = readNotebook(context);
  expect(read).toEqual({
    path: 'work/train.ipynb',
    dirty: true,
    language: 'python',
    cells: [
      { id: '7', cell_type: 'markdown', source: '# Train', execution_count: null, metadata: {} },
      { id: '8', cell_type: 'code', source: 'lr = 0.1', execution_count: 3, metadata: { tags: ['parameters'] } },
    ],
  });
  expect(JSON.stringify(read)).not.toContain('megabytes');
});
