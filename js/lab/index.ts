import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { KernelLink } from './kernel-link';
import { panelPlugin } from './panel/plugin';
import { readNotebook } from './read-notebook';
import { addRenderers } from './renderers';
import { serverPlugin } from './server/plugin';
import { takeCode } from './take-code';

function notebookExtension(app: string): DocumentRegistry.IWidgetExtension<NotebookPanel, INotebookModel> {
  return {
    createNew: (panel, context) => {
      const link = new KernelLink(panel.sessionContext, { app, readNotebook: () => readNotebook(context) });
      addRenderers(panel.content.rendermime, link);
      takeCode(panel.content);
      return link;
    },
  };
}

/** Draws Trackside's outputs from what the notebook saved, with the live view in their place where a kernel answers. */
const outputs: JupyterFrontEndPlugin<void> = {
  id: 'trackside:outputs',
  description: 'Draws the views and cards of Trackside.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  activate: (app: JupyterFrontEnd, rendermime: IRenderMimeRegistry) => {
    addRenderers(rendermime, null);
    app.docRegistry.addWidgetExtension('Notebook', notebookExtension(app.name));
  },
};

export default [outputs, serverPlugin, panelPlugin];
