import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { problemOf } from '../../core/asker';
import { make } from '../../core/elements';
import { mountPage } from '../../core/page';
import { RECORD_VERSION } from '../../core/record';
import type { Undo } from '../../core/undo';
import type { ViewState } from '../../core/wire';
import { HttpSource, type Scope } from '../server/http-source';
import type { Server } from '../server/plugin';

/** A comparison of runs in the main area: the same views as a notebook's, with the server as their source. */
export class Workbench extends Widget {
  readonly scope: Scope;
  readonly #server: Server;
  readonly #trans: TranslationBundle;
  #undo: Undo = () => undefined;

  constructor(server: Server, scope: Scope, trans: TranslationBundle) {
    super();
    this.scope = scope;
    this.#server = server;
    this.#trans = trans;
    this.addClass('trackside-workbench');
    void this.#load();
  }

  override dispose(): void {
    this.#undo();
    super.dispose();
  }

  async #load(): Promise<void> {
    this.node.replaceChildren(message(this.#trans.__('Loading runs…')));
    try {
      const undo = await mountComparison(this.node, this.#server, this.scope);
      if (this.isDisposed) {
        undo();
      } else {
        this.#undo = undo;
      }
    } catch (error) {
      const retry = make(
        'button',
        { type: 'button', class: 'trackside-link', click: () => void this.#load() },
        this.#trans.__('Try again'),
      );
      this.node.replaceChildren(message(problemOf(error), ' ', retry));
    }
  }
}

/** Draws a comparison of the scope's runs in place of what an element holds; `wanted` goes before what it shows by itself. */
export async function mountComparison(
  element: HTMLElement,
  { api, watcher }: Server,
  scope: Scope,
  wanted: Partial<ViewState> = {},
): Promise<Undo> {
  const source = new HttpSource(api, watcher, scope);
  const [{ state }, table] = await Promise.all([source.ask({ ask: 'comparison' }), source.ask({ ask: 'runs' })]);
  element.replaceChildren();
  const record = { version: RECORD_VERSION, state: { ...state, ...wanted }, table, histories: [] };
  return mountPage(element, record, source).dispose;
}

function message(...said: (Node | string)[]): HTMLElement {
  return make('div', { class: 'trackside' }, make('div', { class: 'trackside-empty', role: 'status' }, ...said));
}
