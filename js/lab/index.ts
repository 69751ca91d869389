import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { KernelLink } from './kernel-link';
import { tellElsewhere } from './notebook/elsewhere';
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
  trans: TranslationBundle,
): DocumentRegistry.IWidgetExtension<NotebookPanel, INotebookModel> {
  return {
    createNew: (panel, context) => {
      const link = new KernelLink(panel.sessionContext, { app, readNotebook: () => readNotebook(context) });
      addRenderers(panel.content.rendermime, link, new StoredRuns(api, watcher, placeOf(context)));
      takeCode(panel.content);
      const stop = tellElsewhere(link, placeOf(context), trans, (message) => {
        Notification.warning(message, { autoClose: false });
      });
      panel.disposed.connect(stop);
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
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, rendermime: IRenderMimeRegistry, server: Server, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load('trackside');
    addRenderers(rendermime, null, null);
    app.docRegistry.addWidgetExtension('Notebook', notebookExtension(app.name, server, trans));
  },
};

export default [outputs, serverPlugin, panelPlugin, notebookPlugin];
