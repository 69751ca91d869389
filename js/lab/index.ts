import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { KernelLink } from './kernel-link';
import { notebookPlugin } from './notebook/plugin';
import { panelPlugin } from './panel/plugin';
import { readNotebook } from './read-notebook';
import { addRenderers } from './renderers';
import { IServer, type Server, serverPlugin } from './server/plugin';
import { StoredRuns } from './server/stored-runs';
import { takeCode } from './take-code';

function notebookExtension(
  app: string,
  { api, watcher, placeOf }: Server,
): DocumentRegistry.IWidgetExtension<NotebookPanel, INotebookModel> {
  return {
    createNew: (panel, context) => {
      const link = new KernelLink(panel.sessionContext, { app, readNotebook: () => readNotebook(context) });
      addRenderers(panel.content.rendermime, link, new StoredRuns(api, watcher, placeOf(context)));
      takeCode(panel.content);
      return link;
    },
  };
}

/** Draws Trackside's outputs from what the notebook saved, with the live view in their place where kernel or store answers. */
const outputs: JupyterFrontEndPlugin<void> = {
  id: 'trackside:outputs',
  description: 'Draws the views and cards of Trackside.',
  autoStart: true,
  requires: [IRenderMimeRegistry, IServer],
  activate: (app: JupyterFrontEnd, rendermime: IRenderMimeRegistry, server: Server) => {
    addRenderers(rendermime, null, null);
    app.docRegistry.addWidgetExtension('Notebook', notebookExtension(app.name, server));
  },
};

export default [outputs, serverPlugin, panelPlugin, notebookPlugin];
