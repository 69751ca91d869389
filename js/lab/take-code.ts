import type { Notebook } from '@jupyterlab/notebook';
import { CODE_EVENT, TAKES_CODE } from '../core/code-button';
import { showCell } from './notebook/show-cell';

/** Has a notebook take the code that a view in its outputs offers: into a new cell below the view's, made active and not run. */
export function takeCode(notebook: Notebook): void {
  notebook.node.setAttribute(TAKES_CODE, '');
  notebook.node.addEventListener(CODE_EVENT, (event) => {
    const { target, detail } = event as CustomEvent<string>;
    const index = notebook.widgets.findIndex(({ node }) => target instanceof Node && node.contains(target));
    const model = notebook.model?.sharedModel;
    if (index < 0 || model === undefined) {
      return;
    }
    event.preventDefault();
    const below = index + 1;
    model.insertCell(below, { cell_type: 'code', source: detail, metadata: { trusted: true } });
    showCell(notebook, below);
  });
}
