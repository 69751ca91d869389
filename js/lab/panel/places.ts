import type { INotebookTracker } from '@jupyterlab/notebook';
import { Observable } from '../../core/observable';
import { type Undo, undoAll } from '../../core/undo';
import type { About, Place } from '../../core/wire';
import type { NotebookPlace } from '../server/notebook-place';
import type { Server } from '../server/plugin';

/** Where the notebook in front keeps its runs, and which stores there are. */
export interface Places {
  /** The path of the notebook in front, as Jupyter's contents have it; null where there is none. */
  readonly path: string | null;
  /** Null until the server has told. Without a notebook it is the place of the server's own folder. */
  readonly here: Place | null;
  readonly about: About | null;
  /** Why the server did not tell. */
  readonly problem: Error | null;
}

/** What the follower asks. */
interface PlaceServer extends Pick<Server, 'placeOf'> {
  readonly api: Pick<Server['api'], 'about'>;
}

/** While there is nothing to show, the server is asked again after so long: it may be back, or a first run be there. */
const AGAIN_MS = 10_000;

/**
 * Follows the notebook in front and its place. It is asked for wherever somebody begins to look: while `isWanted` and the
 * page can be seen.
 */
export class PlaceFollower {
  readonly places = new Observable<Places>({ path: null, here: null, about: null, problem: null });
  readonly dispose: Undo;
  readonly #server: PlaceServer;
  #notebook: NotebookPlace | null = null;
  #stopNotebook: Undo = () => undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isWanted = false;
  #isLooking = false;
  /** The last question; what earlier ones were answered is of no interest. */
  #asking: object | null = null;

  constructor(server: PlaceServer, tracker: INotebookTracker | null) {
    this.#server = server;
    const follow = (): void => this.#followNotebook(tracker?.currentWidget?.context ?? null);
    const look = (): void => this.#look();
    tracker?.currentChanged.connect(follow);
    document.addEventListener('visibilitychange', look);
    this.dispose = undoAll([
      () => tracker?.currentChanged.disconnect(follow),
      () => document.removeEventListener('visibilitychange', look),
      () => this.#stopNotebook(),
      () => {
        this.isWanted = false;
      },
    ]);
    follow();
  }

  /** Whether anybody looks; nothing is asked while nobody does. */
  set isWanted(is: boolean) {
    this.#isWanted = is;
    this.#look();
  }

  /** Asks the server anew. */
  async ask(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.#isLooking) {
      return;
    }
    const asking = {};
    this.#asking = asking;
    const notebook = this.#notebook;
    let told: Partial<Places>;
    try {
      const about = await this.#server.api.about();
      await notebook?.refresh();
      const here = notebook === null ? (about.places[0] ?? null) : notebook.value.value;
      told = { about, here, problem: notebook?.problem ?? null };
    } catch (error) {
      told = { problem: error instanceof Error ? error : new Error(String(error)) };
    }
    if (this.#asking === asking) {
      this.places.value = { ...this.places.value, ...told };
      this.#planNext();
    }
  }

  #look(): void {
    const isLooking = this.#isWanted && document.visibilityState !== 'hidden';
    if (isLooking !== this.#isLooking) {
      this.#isLooking = isLooking;
      this.#asking = null;
      clearTimeout(this.#timer);
      void this.ask();
    }
  }

  #planNext(): void {
    const { here, problem } = this.places.value;
    clearTimeout(this.#timer);
    if (this.#isLooking && (problem !== null || here?.exists === false)) {
      this.#timer = setTimeout(() => void this.ask(), AGAIN_MS);
    }
  }

  #followNotebook(context: Parameters<Server['placeOf']>[0] | null): void {
    this.#stopNotebook();
    this.#asking = null;
    const notebook = context && this.#server.placeOf(context);
    this.#notebook = notebook;
    const show = (): void => {
      const here = notebook?.value.value ?? null;
      this.places.value = {
        ...this.places.value,
        path: context?.path ?? null,
        here,
        problem: notebook?.problem ?? null,
      };
      this.#planNext();
    };
    this.#stopNotebook = undoAll([
      notebook?.value.subscribe(show) ?? (() => undefined),
      () => context?.pathChanged.disconnect(show),
    ]);
    context?.pathChanged.connect(show);
    show();
    void this.ask();
  }
}
