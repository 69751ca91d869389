import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { Contents } from '@jupyterlab/services';
import { Observable } from '../../core/observable';
import type { Place } from '../../core/wire';
import type { Api } from './api';
import { DRIVE, pastRun } from './past-path';

/** The drives that the server itself has: its own, and that of notebooks which several people write in. */
const SERVER_DRIVES = new Set(['', 'RTC']);

type Context = Pick<DocumentRegistry.Context, 'path' | 'pathChanged'>;

/**
 * Where a notebook's runs are kept, as the server finds it. It is asked once somebody wants to know, and again where the
 * notebook gets another name.
 */
export class NotebookPlace {
  /** Null while it is not known, or where nobody can tell: the server is away, or the notebook is on another's drive. */
  readonly value = new Observable<Place | null>(null);
  readonly #api: Pick<Api, 'place'>;
  readonly #contents: Pick<Contents.IManager, 'driveName' | 'localPath'>;
  readonly #context: Context;
  #asked: Promise<Place | null> | null = null;

  constructor(api: Pick<Api, 'place'>, contents: Pick<Contents.IManager, 'driveName' | 'localPath'>, context: Context) {
    this.#api = api;
    this.#contents = contents;
    this.#context = context;
    context.pathChanged.connect(() => void (this.#asked && this.refresh()));
  }

  /** The place, asked for once. */
  get(): Promise<Place | null> {
    return this.#asked ?? this.refresh();
  }

  /** Asks anew: another kernel or another cell that ran may have moved it. */
  async refresh(): Promise<Place | null> {
    const asked = this.#ask(this.#context.path);
    this.#asked = asked;
    const place = await asked;
    if (this.#asked === asked && !isSame(place, this.value.value)) {
      this.value.value = place;
    }
    return place;
  }

  /** The key of the store that has the notebook's runs, also those of a notebook as it was. */
  async store(): Promise<string | null> {
    const { path } = this.#context;
    const past = this.#contents.driveName(path) === DRIVE ? pastRun(path) : null;
    return past?.store ?? (await this.get())?.store ?? null;
  }

  async #ask(path: string): Promise<Place | null> {
    if (!SERVER_DRIVES.has(this.#contents.driveName(path))) {
      return null;
    }
    return this.#api.place(this.#contents.localPath(path)).catch(() => {
      this.#asked = null; // Whoever wants to know next, asks again.
      return null;
    });
  }
}

function isSame(one: Place | null, other: Place | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
