import { Widget } from '@lumino/widgets';
import './run-tab.css';
import { make } from '../../core/elements';
import { followSight } from '../../core/sight';
import { type Undo, undoAll } from '../../core/undo';
import type { RunPage } from '../../core/wire';
import { HttpSource } from '../server/http-source';
import { paced } from '../server/paced';
import type { Server } from '../server/plugin';
import { problemWithRetry } from './problem-with-retry';
import { type HeadHost, runHead } from './run-head';
import { runSections } from './run-sections';
import { mountComparison } from './workbench';

/** What the page of a run has done for it. */
export interface RunTabHost extends HeadHost {
  readonly server: Server;
}

/** All that is known of a run, in the main area. It is asked for whenever it comes into sight, and at news while it is. */
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
  #isSeen = false;
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
      followSight(this.node, (isSeen) => this.#onSight(isSeen)),
      () => this.#stopHearing(),
      () => this.#endCharts(),
      () => this.#asking.dispose(),
    ]);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.#undo();
      super.dispose();
    }
  }

  #onSight(isSeen: boolean): void {
    if (isSeen === this.#isSeen) {
      return;
    }
    this.#isSeen = isSeen;
    this.#stopHearing();
    this.#stopHearing = () => undefined;
    if (isSeen) {
      this.#stopHearing = this.#host.server.watcher.watch(this.store, this.#asking.tell);
      this.#asking.tell(); // The watcher tells of nothing that others heard meanwhile.
    }
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
      this.#problem.replaceChildren(...problemWithRetry(error, this.#asking.now, this.#host.trans));
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
  async #showCharts(run: RunPage): Promise<void> {
    const { run_id, baseline, before } = run;
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
      if (this.#against === other) {
        this.#against = undefined;
        const said = problemWithRetry(error, () => void this.#showCharts(run), this.#host.trans);
        element.replaceChildren(make('div', { class: 'trackside-problem', role: 'status' }, ...said));
      }
    }
  }
}
