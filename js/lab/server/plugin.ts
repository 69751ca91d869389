import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Token } from '@lumino/coreutils';
import { Api } from './api';
import { Watcher } from './watcher';

/** The way to Trackside's server extension, shared by all that stands in the front end. */
export interface Server {
  readonly api: Api;
  readonly watcher: Watcher;
}

export const IServer = new Token<Server>('trackside:IServer', "The way to Trackside's server extension.");

export const serverPlugin: JupyterFrontEndPlugin<Server> = {
  id: 'trackside:server',
  description: "Asks Trackside's server extension.",
  autoStart: true,
  provides: IServer,
  activate: ({ serviceManager }: JupyterFrontEnd) => {
    const api = new Api(serviceManager.serverSettings);
    return { api, watcher: new Watcher(api, serviceManager.events) };
  },
};
