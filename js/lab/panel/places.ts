import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { ISignal } from '@lumino/signaling';
import { Observable } from '../../core/observable';
import { type Undo, undoAll } from '../../core/undo';
import type { About, Place } from '../../core/wire';
import type { Api } from '../server/api';

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

/** While there is nothing to show, the server is asked again after so long: it may be back, or a first run be there. */
const AGAIN_MS = 10_000;

/** Follows the notebook in front and, while `isWanted`, asks the server for its place wherever that may have changed. */
export class PlaceFollower {
  readonly places = new Observable<Places>({ path: null, here: null, about: null, problem: null });
  readonly dispose: Undo;
  readonly #api: Pick<Api, 'about' | 'place'>;
  #asking = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopPanel: Undo = () => undefined;
  #isWanted = false;

  /** `executed` tells of every cell that was run. */
  constructor(
    api: Pick<Api, 'about' | 'place'>,
    tracker: INotebookTracker | null,
    executed: ISignal<unknown, unknown> | null,
  ) {
    this.#api = api;
    const follow = (): void => this.#followPanel(tracker?.currentWidget ?? null);
    // A cell may have made the first run of a store.
    const onExecuted = (): void => void (this.places.value.here?.exists === false && this.ask());
    this.dispose = undoAll([
      ...(tracker ? [connect(tracker.currentChanged, follow)] : []),
      ...(executed ? [connect(executed, onExecuted)] : []),
      () => this.#stopPanel(),
      () => clearTimeout(this.#timer),
      () => this.#asking.abort(),
    ]);
    follow();
  }

  /** Whether anybody looks; nothing is asked while nobody does. */
  set isWanted(is: boolean) {
    this.#isWanted = is;
    clearTimeout(this.#timer);
    if (is && this.places.value.here === null) {
      void this.ask();
    }
  }

  /** Asks the server anew. */
  async ask(): Promise<void> {
    this.#asking.abort();
    clearTimeout(this.#timer);
    if (!this.#isWanted) {
      return;
    }
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const { path } = this.places.value;
    try {
      const about = await this.#api.about();
      const here = path === null ? (about.places[0] ?? null) : await this.#api.place(path, signal);
      this.#tell(signal, { path, here, about, problem: null });
    } catch (error) {
      const problem = error instanceof Error ? error : new Error(String(error));
      this.#tell(signal, { ...this.places.value, problem });
    }
  }

  #tell(signal: AbortSignal, places: Places): void {
    if (signal.aborted) {
      return;
    }
    this.places.value = places;
    if (this.#isWanted && (places.problem !== null || places.here?.exists === false)) {
      this.#timer = setTimeout(() => void this.ask(), AGAIN_MS);
    }
  }

  #followPanel(panel: NotebookPanel | null): void {
    this.#stopPanel();
    const look = (): void => {
      this.places.value = { ...this.places.value, path: panel?.context.path ?? null, here: null, problem: null };
      void this.ask();
    };
    this.#stopPanel = panel
      ? undoAll([
          connect(panel.context.pathChanged, look),
          connect(panel.sessionContext.kernelChanged, () => void this.ask()),
        ])
      : () => undefined;
    look();
  }
}

function connect<S, A>(signal: ISignal<S, A>, slot: () => void): Undo {
  signal.connect(slot);
  return () => signal.disconnect(slot);
}
