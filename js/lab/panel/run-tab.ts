import { Widget } from '@lumino/widgets';
import './run-tab.css';
import { problemOf } from '../../core/asker';
import { make } from '../../core/elements';
import { followSight } from '../../core/sight';
import { type Undo, undoAll } from '../../core/undo';
import type { RunPage } from '../../core/wire';
import { HttpSource } from '../server/http-source';
import { paced } from '../server/paced';
import type { Server } from '../server/plugin';
import { type HeadHost, runHead } from './run-head';
import { runSections } from './run-sections';
import { mountComparison } from './workbench';

/** What the page of a run has done for it. */
export interface RunTabHost extends HeadHost {
  readonly server: Server;
}

/** All that is known of a run, in the main area; it follows a run that goes on while it can be seen. */
export class RunTab extends Widget {
  readonly store: string;
  readonly runId: string;
  readonly #host: RunTabHost;
  readonly #head = make('header', { class: 'trackside-run-head' });
  readonly #sections = make('div', { class: 'trackside-run-sections' });
  readonly #charts = make('div', { class: 'trackside-run-charts' });
  readonly #problem = make('div', { class: 'trackside-problem', role: 'status' });
  readonly #asking = paced(() => this.#ask());
  readonly #undo: Undo;
  #known = '';
  #stopHearing: Undo = () => undefined;
  #endCharts: Undo = () => undefined;
  #against: string | undefined;

  constructor(store: string, runId: string, host: RunTabHost) {
    super();
    this.store = store;
    this.runId = runId;
    this.#host = host;
    this.addClass('trackside-run-tab');
    const root = make('div', { class: 'trackside trackside-run-page' });
    root.append(
      this.#head,
      this.#problem,
      make('div', { class: 'trackside-run-columns' }, this.#sections, this.#charts),
    );
    this.node.append(root);
    this.#undo = undoAll([
      followSight(this.node, (isSeen) => this.#listen(isSeen)),
      () => this.#stopHearing(),
      () => this.#endCharts(),
      () => this.#asking.dispose(),
    ]);
    this.#asking.tell();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.#undo();
      super.dispose();
    }
  }

  #listen(isSeen: boolean): void {
    this.#stopHearing();
    const told = (): void => this.#asking.tell();
    this.#stopHearing = isSeen ? this.#host.server.watcher.watch(this.store, told) : () => undefined;
  }

  async #ask(): Promise<void> {
    const { api, watcher } = this.#host.server;
    try {
      const source = new HttpSource(api, watcher, { store: this.store, run_ids: [this.runId] });
      const run = await source.ask({ ask: 'run', run_id: this.runId });
      this.#problem.replaceChildren();
      if (!this.isDisposed) {
        this.#show(run);
      }
    } catch (error) {
      const again = { type: 'button', class: 'trackside-link', click: () => this.#asking.now() };
      this.#problem.replaceChildren(problemOf(error), ' ', make('button', again, this.#host.trans.__('Try again')));
    }
  }

  #show(run: RunPage): void {
    const known = JSON.stringify(run);
    if (known === this.#known) {
      return;
    }
    this.#known = known;
    this.title.label = run.name;
    this.#head.replaceChildren(...runHead(run, this.store, this.#host));
    const shown = [...this.#sections.querySelectorAll('details')];
    const wasOpen = new Map(shown.map(({ dataset, open }) => [dataset['section'], open]));
    this.#sections.replaceChildren(...runSections(run.sections, this.#host.trans));
    for (const section of this.#sections.querySelectorAll('details')) {
      section.open = wasOpen.get(section.dataset['section']) ?? section.open;
    }
    void this.#showCharts(run);
  }

  /** Charts of the run beside the one it is held against: its experiment's baseline, else the run before it. */
  async #showCharts({ run_id, baseline, before }: RunPage): Promise<void> {
    const other = (baseline !== run_id && baseline) || before || '';
    if (this.#against === other) {
      return; // They follow their runs by themselves.
    }
    this.#against = other;
    this.#endCharts();
    this.#endCharts = () => undefined;
    const element = make('div', {});
    this.#charts.replaceChildren(element);
    const scope = { store: this.store, run_ids: other === '' ? [run_id] : [run_id, other] };
    try {
      const undo = await mountComparison(element, this.#host.server, scope, {
        panels: other === '' ? ['history', 'artifacts'] : ['history', 'diff', 'artifacts'],
        layout: 'stack',
        front: null,
        pinned: other,
        diff: other === '' ? null : { before: other, after: run_id },
      });
      if (this.isDisposed || this.#against !== other) {
        undo();
      } else {
        this.#endCharts = undo;
      }
    } catch (error) {
      this.#against = undefined;
      element.append(make('div', { class: 'trackside-problem', role: 'status' }, problemOf(error)));
    }
  }
}
