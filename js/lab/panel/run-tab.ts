import { Widget } from '@lumino/widgets';
import './run-tab.css';
import { make } from '../../core/elements';
import { isSameTable } from '../../core/follow-runs';
import { writeInRow } from '../../core/table/run-editors';
import { type Undo, undoAll } from '../../core/undo';
import type { RunPage } from '../../core/wire';
import { hearWhileSeen } from '../server/hear-while-seen';
import { HttpSource, type Origin } from '../server/http-source';
import { paced } from '../server/paced';
import type { Server } from '../server/plugin';
import type { Target } from './commands';
import { makePage } from './make-page';
import { problemWithRetry } from './problem-with-retry';
import { type Asked, type HeadHost, runHead } from './run-head';
import { runSections } from './run-sections';
import { stepForm } from './step-form';
import { mountComparison } from './workbench';

/** What the page of a run has done for it. */
export interface RunTabHost extends HeadHost {
  readonly server: Server;
}

/**
 * All that is known of a run, in the main area, and what can be said of it. It is asked for whenever it comes into sight,
 * and at news while it is.
 */
export class RunTab extends Widget {
  readonly of: Origin;
  readonly runId: string;
  /** What commands act on while this is used. */
  readonly target: Target;
  readonly #host: RunTabHost;
  readonly #head = make('div', { class: 'trackside-run-head' });
  readonly #form = make('div', {});
  readonly #sections = make('div', { class: 'trackside-run-sections' });
  readonly #charts = make('div', { class: 'trackside-run-charts' });
  readonly #problem = make('div', { class: 'trackside-problem', role: 'status' });
  readonly #asking = paced(() => this.#ask());
  readonly #undo: Undo;
  #run: RunPage | null = null;
  #isWriting = false;
  #endCharts: Undo = () => undefined;
  #against: string | undefined;

  constructor(of: Origin, runId: string, host: RunTabHost) {
    super();
    this.of = of;
    this.runId = runId;
    this.#host = host;
    this.addClass('trackside-run-tab');
    this.addClass('trackside-run-keys');
    const { api, watcher } = host.server;
    const source = new HttpSource(api, watcher, { ...of, run_ids: [runId] });
    const page = makePage(source, { panels: [] });
    const list: Target['list'] = {
      current: () => (page.table.value.run_ids.includes(runId) ? runId : null),
      focus: () => this.node.focus(),
      write: (run, what) => writeInRow(this.#head, run, what, page, (is) => this.#onWriting(is)),
    };
    this.target = { page, source, list };
    const root = make('div', { class: 'trackside trackside-run-page' });
    root.append(
      this.#head,
      this.#form,
      this.#problem,
      make('div', { class: 'trackside-run-columns' }, this.#sections, this.#charts),
    );
    this.node.append(root);
    this.#undo = undoAll([
      hearWhileSeen(this.node, watcher, of.store, this.#asking.tell),
      () => this.#endCharts(),
      () => this.#asking.dispose(),
      ...[page.table, page.marks.said, page.marks.problem].map((told: { subscribe(read: () => void): Undo }) =>
        told.subscribe(() => this.#drawHead()),
      ),
    ]);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.#undo();
      super.dispose();
    }
  }

  async #ask(): Promise<void> {
    const { page, source } = this.target;
    try {
      const [run, table] = await Promise.all([
        source.ask({ ask: 'run', run_id: this.runId }),
        source.ask({ ask: 'runs' }),
      ]);
      this.#problem.replaceChildren();
      if (this.isDisposed) {
        return;
      }
      const known = { ...table, baseline: run.baseline ?? null };
      if (!isSameTable(known, page.table.value)) {
        page.table.value = known;
      }
      this.#show(run);
    } catch (error) {
      this.#problem.replaceChildren(...problemWithRetry(error, this.#asking.now, this.#host.trans));
    }
  }

  #onWriting(is: boolean): void {
    this.#isWriting = is;
    this.#drawHead();
  }

  #drawHead(): void {
    if (this.#run !== null && !this.#isWriting) {
      this.#head.replaceChildren(...runHead(this.#run, this.target.page, this.of, this.#host, this.#open));
    }
  }

  /** Asks in a form below the head what becomes of the run, or of which model it is to be a version. */
  readonly #open = (what: Asked): void => {
    const { trans } = this.#host;
    const why = { name: 'why', label: trans.__('Why'), required: what === 'decide' };
    const decision = { name: 'decision', label: trans.__('Decision'), options: ['keep', 'drop', 'promote'] };
    const model = { name: 'model', label: trans.__('Model'), value: this.#run?.experiment ?? '', required: true };
    const close = (): void => this.#form.replaceChildren();
    const form =
      what === 'decide'
        ? stepForm(trans.__('Decide'), [decision, why], (given) => this.#decide(given), close, trans)
        : stepForm(trans.__('Register'), [model, why], (given) => this.#register(given), close, trans);
    this.#form.replaceChildren(form);
    form.querySelector<HTMLElement>('select, input')?.focus();
  };

  async #decide({ decision = '', why = '' }: Readonly<Record<string, string>>): Promise<boolean> {
    const isKept = await this.target.page.marks.decide(this.runId, decision, why);
    this.#asking.tell();
    return isKept;
  }

  async #register({ model = '', why = '' }: Readonly<Record<string, string>>): Promise<boolean> {
    const question = { ask: 'register', run_id: this.runId, model, why } as const;
    const { name, version } = await this.target.source.ask(question);
    this.#asking.tell();
    this.#openModel(name ?? model, version ?? null);
    return true;
  }

  #openModel(model: string, version: number | null): void {
    this.#host.execute('trackside:open-model', { ...this.of, model, version });
  }

  #show(run: RunPage): void {
    if (JSON.stringify(run) === JSON.stringify(this.#run)) {
      return;
    }
    this.#run = run;
    this.title.label = run.name;
    this.#drawHead();
    const shown = [...this.#sections.querySelectorAll('details')];
    const wasOpen = new Map(shown.map(({ dataset, open }) => [dataset['section'], open]));
    this.#sections.replaceChildren(...runSections(run.sections, this.#host.trans, (...of) => this.#openModel(...of)));
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
    const scope = { ...this.of, run_ids: other === '' ? [run_id] : [run_id, other] };
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
