import type { ISessionContext } from '@jupyterlab/apputils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';
import { Observable } from '../../core/observable';
import type { Place } from '../../core/wire';
import type { Api } from './api';
import { DRIVE, pastRun } from './past-path';

/** The drives that the server itself has: its own, and that of notebooks which several people write in. */
const SERVER_DRIVES = new Set(['', 'RTC']);

/** What the place of a notebook follows. */
export interface PlacedContext extends Pick<DocumentRegistry.Context, 'path' | 'pathChanged'> {
  readonly sessionContext: Pick<ISessionContext, 'kernelChanged' | 'statusChanged'>;
}

/**
 * Where a notebook's runs are kept, as the server finds it; those of a notebook as it was, where those of the notebook
 * are now. It is asked once somebody wants to know, and again where the notebook gets another name or another kernel,
 * or its kernel has restarted.
 */
export class NotebookPlace {
  /** Null while it is not known, or where nobody can tell: the server is away, or the notebook is on another's drive. */
  readonly value = new Observable<Place | null>(null);
  readonly #api: Pick<Api, 'place'>;
  readonly #contents: Pick<Contents.IManager, 'driveName' | 'localPath'>;
  readonly #context: PlacedContext;
  #asked: Promise<Place | null> | null = null;
  #problem: Error | null = null;

  constructor(
    api: Pick<Api, 'place'>,
    contents: Pick<Contents.IManager, 'driveName' | 'localPath'>,
    context: PlacedContext,
  ) {
    this.#api = api;
    this.#contents = contents;
    this.#context = context;
    const askAgain = (): void => void (this.#asked && this.refresh());
    let isRestarting = false;
    context.pathChanged.connect(askAgain);
    context.sessionContext.kernelChanged.connect(askAgain);
    context.sessionContext.statusChanged.connect((_, status) => {
      if (isRestarting && status === 'idle') {
        askAgain(); // What the kernel before had been told is forgotten.
      }
      isRestarting = status !== 'idle' && (isRestarting || status.endsWith('restarting'));
    });
  }

  /** Why the last question had no answer. */
  get problem(): Error | null {
    return this.#problem;
  }

  /** The notebook's path as the server knows it; null where it is on another's drive. */
  get path(): string | null {
    const { path } = this.#context;
    const drive = this.#contents.driveName(path);
    if (drive === DRIVE) {
      return pastRun(path)?.notebook ?? null;
    }
    return SERVER_DRIVES.has(drive) ? this.#contents.localPath(path) : null;
  }

  /** The place, asked for once. */
  get(): Promise<Place | null> {
    return this.#asked ?? this.refresh();
  }

  /** Asks anew: another kernel or another cell that ran may have moved it. */
  async refresh(): Promise<Place | null> {
    let problem: Error | null = null;
    const asked = this.#ask().catch((error: Error) => {
      problem = error;
      return null;
    });
    this.#asked = asked;
    const place = await asked;
    if (this.#asked === asked) {
      this.#asked = problem === null ? asked : null; // Whoever wants to know next, asks again.
      this.#problem = problem;
      if (!isSame(place, this.value.value)) {
        this.value.value = place;
      }
    }
    return place;
  }

  /** The key of the store that has the notebook's runs, also those of a notebook as it was. */
  async store(): Promise<string | null> {
    const { path } = this.#context;
    const past = this.#contents.driveName(path) === DRIVE ? pastRun(path) : null;
    return past?.store ?? (await this.get())?.store ?? null;
  }

  async #ask(): Promise<Place> {
    const { path } = this;
    if (path === null) {
      throw new Error(
        `Jupyter's server cannot see where ${this.#context.path} keeps its runs: choose another store above, or open a ` +
          "notebook of the server's own folder.",
      );
    }
    return this.#api.place(path);
  }
}

function isSame(one: Place | null, other: Place | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
