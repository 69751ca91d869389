import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { make } from '../../core/elements';
import { mountPage } from '../../core/page';
import { RECORD_VERSION } from '../../core/record';
import { followSight } from '../../core/sight';
import { type Undo, undoAll } from '../../core/undo';
import type { ViewState } from '../../core/wire';
import { HttpSource, type Scope } from '../server/http-source';
import type { Server } from '../server/plugin';
import { problemWithRetry } from './problem-with-retry';

/**
 * A comparison of runs in the main area: the same views as a notebook's, with the server as their source. It is asked for
 * when it first comes into sight.
 */
export class Workbench extends Widget {
  readonly scope: Scope;
  readonly #server: Server;
  readonly #trans: TranslationBundle;
  readonly #undo: Undo;
  #endPage: Undo = () => undefined;
  #isWanted = false;

  constructor(server: Server, scope: Scope, trans: TranslationBundle) {
    super();
    this.scope = scope;
    this.#server = server;
    this.#trans = trans;
    this.addClass('trackside-workbench');
    this.#undo = undoAll([followSight(this.node, (isSeen) => this.#onSight(isSeen)), () => this.#endPage()]);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.#undo();
      super.dispose();
    }
  }

  #onSight(isSeen: boolean): void {
    if (isSeen && !this.#isWanted) {
      this.#isWanted = true;
      void this.#load();
    }
  }

  async #load(): Promise<void> {
    this.node.replaceChildren(message(this.#trans.__('Loading runs…')));
    try {
      const undo = await mountComparison(this.node, this.#server, this.scope);
      if (this.isDisposed) {
        undo();
      } else {
        this.#endPage = undo;
      }
    } catch (error) {
      this.node.replaceChildren(message(...problemWithRetry(error, () => void this.#load(), this.#trans)));
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
