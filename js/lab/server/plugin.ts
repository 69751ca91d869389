import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { Token } from '@lumino/coreutils';
import { Api } from './api';
import { NotebookPlace } from './notebook-place';
import { Watcher } from './watcher';

/** The way to Trackside's server extension, shared by all that stands in the front end. */
export interface Server {
  readonly api: Api;
  readonly watcher: Watcher;
  /** Where the runs of a notebook are kept; the same for all who ask. */
  placeOf(context: DocumentRegistry.Context): NotebookPlace;
}

export const IServer = new Token<Server>('trackside:IServer', "The way to Trackside's server extension.");

export const serverPlugin: JupyterFrontEndPlugin<Server> = {
  id: 'trackside:server',
  description: "Asks Trackside's server extension.",
  autoStart: true,
  provides: IServer,
  activate: ({ serviceManager }: JupyterFrontEnd) => {
    const api = new Api(serviceManager.serverSettings);
    const places = new WeakMap<DocumentRegistry.Context, NotebookPlace>();
    const placeOf = (context: DocumentRegistry.Context): NotebookPlace => {
      const place = places.get(context) ?? new NotebookPlace(api, serviceManager.contents, context);
      places.set(context, place);
      return place;
    };
    return { api, watcher: new Watcher(api, serviceManager.events), placeOf };
  },
};
