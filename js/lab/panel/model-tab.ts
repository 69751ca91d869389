import { Widget } from '@lumino/widgets';
import './model-tab.css';
import { make } from '../../core/elements';
import { type Undo, undoAll } from '../../core/undo';
import type { ModelPage, ModelQuestion, StepQuestion, VersionRow } from '../../core/wire';
import { hearWhileSeen } from '../server/hear-while-seen';
import { HttpSource, type Origin } from '../server/http-source';
import { paced } from '../server/paced';
import { problemWithRetry } from './problem-with-retry';
import type { RunTabHost } from './run-tab';
import { type Field, stepForm } from './step-form';

const STAGES = ['staging', 'production', 'archived', 'none'];

/**
 * A model in the main area: its versions, the card of one, what was said of it, and the steps a version may take. With no
 * name, all models. It is asked for whenever it comes into sight, and at news while it is.
 */
export class ModelTab extends Widget {
  readonly of: Origin;
  readonly name: string | null;
  readonly #host: RunTabHost;
  readonly #source: HttpSource;
  readonly #head = make('div', { class: 'trackside-run-head' });
  readonly #form = make('div', {});
  readonly #card = make('div', { class: 'trackside-model-card' });
  readonly #history = make('div', {});
  readonly #problem = make('div', { class: 'trackside-problem', role: 'status' });
  readonly #asking = paced(() => this.#ask());
  readonly #undo: Undo;
  #version: number | null = null;
  #page: ModelPage | null = null;

  constructor(of: Origin, name: string | null, host: RunTabHost) {
    super();
    this.of = of;
    this.name = name;
    this.#host = host;
    const { api, watcher } = host.server;
    this.#source = new HttpSource(api, watcher, of);
    this.addClass('trackside-run-tab');
    const root = make('div', { class: 'trackside trackside-run-page trackside-model-page' });
    root.append(this.#head, this.#problem, this.#form, this.#card, this.#history);
    this.node.append(root);
    this.#undo = undoAll([
      hearWhileSeen(this.node, watcher, of.store, this.#asking.tell),
      () => this.#asking.dispose(),
    ]);
  }

  /** Shows the card of a version. */
  choose(version: number): void {
    if (version !== this.#version) {
      this.#version = version;
      this.#form.replaceChildren();
      this.#asking.now();
    }
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.#undo();
      super.dispose();
    }
  }

  async #ask(): Promise<void> {
    const question: ModelQuestion = { ask: 'model', name: this.name, version: this.#version };
    try {
      const page = await this.#source.ask(question);
      if (!this.isDisposed && (question.version ?? page.version ?? null) === (this.#version ?? page.version ?? null)) {
        this.#problem.replaceChildren();
        this.#show(page);
      }
    } catch (error) {
      this.#problem.replaceChildren(...problemWithRetry(error, this.#asking.now, this.#host.trans));
    }
  }

  #show(page: ModelPage): void {
    if (JSON.stringify(page) === JSON.stringify(this.#page)) {
      return;
    }
    const { card: shown, version: before } = this.#page ?? {};
    this.#page = page;
    this.#version = page.version ?? null;
    this.#head.replaceChildren(...this.#drawHead(page));
    if (page.card !== shown) {
      const open = page.version === before ? openParts(this.#card) : [];
      const { body } = new DOMParser().parseFromString(page.card ?? '', 'text/html');
      this.#card.replaceChildren(...body.childNodes); // As a cell shows it: text, with no script.
      this.#card.querySelectorAll('details').forEach((part, at) => {
        part.open = open[at] ?? false;
      });
    }
    this.#history.replaceChildren(...this.#drawHistory(page));
  }

  #drawHead({ name = null, versions = [], metric = '', note = '' }: ModelPage): HTMLElement[] {
    const { trans } = this.#host;
    const all = (): void => this.#host.execute('trackside:open-model', { ...this.of });
    const title = name ?? trans.__('Registered models');
    if (versions.length === 0) {
      const none = trans.__('No model is registered yet. Open a run and choose Register.');
      return [make('h1', {}, title), make('p', { class: 'trackside-quiet' }, none)];
    }
    const words = [trans.__('Version'), trans.__('Stage'), trans.__('Aliases'), metric, trans.__('Run')];
    const titles = [...(name === null ? [trans.__('Model')] : []), ...words, trans.__('Registered'), trans.__('Why')];
    const head = make('tr', {}, ...titles.map((text) => make('th', { scope: 'col' }, make('bdi', {}, text))));
    const table = make(
      'table',
      {},
      make('thead', {}, head),
      make('tbody', {}, ...versions.map((row) => this.#row(row))),
    );
    const link = make('button', { type: 'button', class: 'trackside-link', click: all }, trans.__('All models'));
    return [
      make('h1', {}, title),
      ...(note ? [make('p', { class: 'trackside-model-note' }, note)] : []),
      make('div', { class: 'trackside-model-versions' }, table),
      ...(name === null ? [] : [make('div', { class: 'trackside-toolbar' }, ...this.#steps(versions), link)]),
    ];
  }

  #row(row: VersionRow): HTMLElement {
    const { execute } = this.#host;
    const version = Number(row.version);
    const link = (text: string, click: () => void): HTMLElement =>
      make('button', { type: 'button', class: 'trackside-link', click }, make('bdi', {}, text));
    const open = (): void => {
      if (this.name === null) {
        execute('trackside:open-model', { ...this.of, model: row.model, version });
      } else {
        this.choose(version);
      }
    };
    const run = link(row.run, () => execute('trackside:open-run', { ...this.of, run_id: row.run_id }));
    const aliases = row.aliases.map((alias) => make('span', { class: 'trackside-chip' }, make('bdi', {}, alias)));
    const cells: (Node | string)[][] = [
      [link(row.version, open)],
      [make('span', { class: 'trackside-stage', 'data-stage': row.stage }, row.stage)],
      aliases,
      [row.value],
      [run],
      [`${row.registered}, ${row.by}`],
      [make('bdi', {}, row.why)],
    ];
    const isShown = this.name !== null && version === this.#version;
    return make(
      'tr',
      { 'aria-current': isShown ? 'true' : false },
      ...(this.name === null ? [make('td', {}, make('bdi', {}, row.model))] : []),
      ...cells.map((cell) => make('td', {}, ...cell)),
    );
  }

  /** What can be done with the version whose card is shown. */
  #steps(versions: readonly VersionRow[]): HTMLElement[] {
    const { trans } = this.#host;
    const shown = versions.find(({ version }) => Number(version) === this.#version);
    if (shown === undefined) {
      return [];
    }
    const why = { name: 'why', label: trans.__('Why') };
    const offer = (words: string, step: StepQuestion['step'], value: Field): HTMLElement => {
      const open = (): void => this.#open(words, step, [value, why]);
      return make('button', { type: 'button', click: open }, words);
    };
    const next = STAGES[shown.stage === 'staging' ? 1 : 0];
    const stages = STAGES.filter((stage) => stage !== shown.stage);
    const stage = { name: 'value', label: trans.__('Stage'), options: stages, value: next ?? '' };
    const alias = { name: 'value', label: trans.__('Alias'), value: 'champion', required: true };
    const taken = { name: 'value', label: trans.__('Alias'), options: shown.aliases };
    return [
      offer(trans.__('Promote version %1', shown.version), 'promote', stage),
      offer(trans.__('Give alias'), 'alias', alias),
      ...(shown.aliases.length > 0 ? [offer(trans.__('Take alias away'), 'unalias', taken)] : []),
    ];
  }

  #open(words: string, step: StepQuestion['step'], fields: readonly Field[]): void {
    const version = this.#version ?? 0;
    const take = async ({ value = '', why = '' }: Readonly<Record<string, string>>): Promise<boolean> => {
      this.#show(await this.#source.ask({ ask: 'step', model: this.name ?? '', version, step, value, why }));
      return true;
    };
    const close = (): void => this.#form.replaceChildren();
    const form = stepForm(words, fields, take, close, this.#host.trans);
    this.#form.replaceChildren(form);
    form.querySelector<HTMLElement>('select, input')?.focus();
  }

  #drawHistory({ history = [] }: ModelPage): HTMLElement[] {
    const steps = history.map(({ name, text, note = '' }) =>
      make('li', {}, `${name}: ${text}`, ...(note ? [make('div', { class: 'trackside-quiet' }, note)] : [])),
    );
    const title = make(
      'summary',
      {},
      this.#host.trans.__('History of the model'),
      make('small', {}, String(steps.length)),
    );
    const isOpen = this.#history.querySelector('details')?.open ?? false;
    const list = make('ol', { class: 'trackside-model-history' }, ...steps);
    return steps.length === 0 ? [] : [make('details', { class: 'trackside-run-section', open: isOpen }, title, list)];
  }
}

function openParts(element: HTMLElement): boolean[] {
  return [...element.querySelectorAll('details')].map(({ open }) => open);
}
