import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import '../../core/page.css';
import './panel.css';
import { make } from '../../core/elements';
import { countRunning } from '../../core/follow-runs';
import { Observable } from '../../core/observable';
import { type Undo, undoAll } from '../../core/undo';
import type { Experiments } from '../../core/wire';
import { HttpSource, type Origin, originIn, type Scope } from '../server/http-source';
import { paced } from '../server/paced';
import type { Server } from '../server/plugin';
import { type ListView, mountListView, PAGE_OF_RUNS } from './list-view';
import { FIRST_STATE, type PanelState } from './panel-state';
import { type Picker, picker } from './picker';
import { placeMessage } from './place-message';
import type { PlaceFollower } from './places';

/** What the panel needs of the application. */
export interface PanelHost {
  readonly server: Pick<Server, 'api' | 'watcher'>;
  readonly places: PlaceFollower;
  readonly trans: TranslationBundle;
  openRun(of: Origin, run_id: string): void;
  execute(command: string): void;
}

/** The side panel: the runs of the notebook in front, or of another experiment that was chosen. */
export class SidePanel extends Widget {
  /** What the user chose; whoever keeps it sets it once it is read. */
  readonly state = new Observable<PanelState>(FIRST_STATE);
  readonly #host: PanelHost;
  readonly #places: PlaceFollower;
  readonly #picker: Picker;
  readonly #body = make('div', { class: 'trackside-side-body' });
  readonly #notice = make('div', { class: 'trackside-side-notice', role: 'status' });
  readonly #undo: Undo;
  readonly #counting = paced(() => this.#askExperiments());
  #experiments: { store: string; answer: Experiments } | null = null;
  #list: ListView | null = null;
  #scope = '';

  constructor(host: PanelHost) {
    super();
    this.#host = host;
    this.id = 'trackside-panel';
    this.title.caption = host.trans.__('Trackside: tracked runs');
    this.node.tabIndex = -1;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', host.trans.__('Tracked runs'));
    this.#places = host.places;
    this.#picker = picker((chosen) => {
      this.state.value = { ...this.state.value, chosen };
    }, host.trans);
    this.#picker.element.addEventListener('focus', this.#counting.now);
    const root = make('div', { class: 'trackside trackside-side' });
    root.append(make('div', { class: 'trackside-side-top' }, this.#picker.element), this.#notice, this.#body);
    this.node.append(root);
    this.#undo = undoAll([
      this.#places.places.subscribe(() => this.#show()),
      this.state.subscribe(() => this.#show()),
      () => this.#places.dispose(),
      () => this.#counting.dispose(),
      () => this.#list?.dispose(),
    ]);
    this.#show();
  }

  /** The list in sight; null where something else is said in its place. */
  get list(): ListView | null {
    return this.#list;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.#undo();
      super.dispose();
    }
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.#places.isWanted = true;
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.#places.isWanted = this.isVisible;
  }

  protected override onBeforeHide(message: Message): void {
    super.onBeforeHide(message);
    this.#places.isWanted = false;
  }

  protected override onActivateRequest(): void {
    if (this.node.contains(document.activeElement)) {
      return; // Somebody brought the keyboard to a part of it, such as the search.
    }
    if (this.#list) {
      this.#list.list.focus();
    } else {
      this.node.focus();
    }
  }

  #store(): string | null {
    return this.state.value.chosen?.store ?? this.#places.places.value.here?.store ?? null;
  }

  /** Which runs are to be shown; null where nobody knows, or there are none. */
  #wanted(): Scope | null {
    const { chosen } = this.state.value;
    const { about, path, here } = this.#places.places.value;
    if (about === null) {
      return null; // The server knows of no store before it is asked for places.
    }
    if (chosen !== null) {
      return { ...chosen, newest: PAGE_OF_RUNS };
    }
    if (here === null || !here.exists) {
      return null;
    }
    const { store, project, experiment } = here;
    return path === null
      ? { store, project: null, experiment: null, newest: PAGE_OF_RUNS }
      : { store, project, experiment, newest: PAGE_OF_RUNS };
  }

  #show(): void {
    this.#showPicker();
    const { trans } = this.#host;
    const { here } = this.#places.places.value;
    const isOff = this.state.value.chosen === null && here?.is_disabled === true;
    this.#notice.textContent = isOff ? trans.__('Tracking is turned off in the settings of this notebook.') : '';
    const scope = this.#wanted();
    const key = JSON.stringify(scope);
    if (scope !== null && key === this.#scope) {
      return;
    }
    this.#list?.dispose();
    this.#list = null;
    this.#scope = key;
    if (scope === null) {
      this.#body.replaceChildren(placeMessage(this.#places.places.value, () => void this.#places.ask(), trans));
      return;
    }
    this.#body.replaceChildren();
    const { api, watcher } = this.#host.server;
    const source = new HttpSource(api, watcher, scope);
    this.#list = mountListView(this.#body, source, this.state, {
      trans,
      experiment: () => this.#places.places.value.here?.experiment ?? null,
      open: (run) => this.#host.openRun(originIn(scope), run),
      execute: this.#host.execute,
    });
    this.#countWith(this.#list);
  }

  /** Asks anew how many runs each experiment has, whenever their number in the list is another. */
  #countWith({ page: { table } }: ListView): void {
    let before = '';
    table.subscribe((now) => {
      const counts = `${now.total} ${countRunning(now)}`;
      if (counts !== before) {
        before = counts;
        this.#counting.tell();
      }
    });
    this.#counting.tell();
  }

  #showPicker(): void {
    const experiments = this.#experiments?.store === this.#store() ? this.#experiments.answer : null;
    this.#picker.show(this.#places.places.value, this.state.value.chosen, experiments);
  }

  async #askExperiments(): Promise<void> {
    const store = this.#store();
    if (store === null) {
      return;
    }
    const { api, watcher } = this.#host.server;
    try {
      const answer = await new HttpSource(api, watcher, { store }).ask({ ask: 'experiments' });
      this.#experiments = { store, answer };
      this.#showPicker();
    } catch {
      // The list says what is wrong; the experiments known so far can still be chosen.
    }
  }
}
