import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import { version } from '../../../package.json';
import type {
  About,
  Answer,
  Asked,
  KeptOutputs,
  Place,
  Refused,
  Restore,
  RestoredFiles,
  Watch,
  Watched,
} from '../../core/wire';

// A busy machine may take seconds.
const TIMEOUT_MS = 30_000;

/**
 * Why the server gave no answer: it has no Trackside (`missing`), it has one of another version (`version`), it cannot be
 * reached (`away`), or it says no (`refused`).
 */
export type Trouble = 'missing' | 'version' | 'away' | 'refused';

/** A request that got no answer; its message is for people, and says what to do. */
export class ServerError extends Error {
  readonly trouble: Trouble;
  /** Whether the server says that it does not know what was asked for. */
  readonly isUnknown: boolean;

  constructor(trouble: Trouble, message: string, isUnknown = false) {
    super(message);
    this.trouble = trouble;
    this.isUnknown = isUnknown;
  }
}

/**
 * Asks Trackside's server extension. Every request that fails rejects with a `ServerError`, or with the reason of the
 * `signal` that ended it. None is sent to a server of another version than this front end.
 *
 * @example const { store } = await new Api(app.serviceManager.serverSettings).place('train.ipynb');
 */
export class Api {
  readonly #settings: ServerConnection.ISettings;
  /** A notebook by which each store was found. */
  readonly #notebooks = new Map<string, string>();
  #about: Promise<About> | null = null;

  constructor(settings: ServerConnection.ISettings) {
    this.#settings = settings;
  }

  /** The server and the stores that it has found so far. */
  async about(): Promise<About> {
    this.#about = this.#askVersion();
    const about = await this.#about;
    for (const { store, notebook } of about.places) {
      if (notebook != null) {
        this.remember(store, notebook);
      }
    }
    return about;
  }

  /** Where the runs of the notebook at `path` are, as Jupyter's contents have it. */
  async place(path: string, signal?: AbortSignal): Promise<Place> {
    const place = await this.#ask<Place>(`place?path=${encodeURIComponent(path)}`, undefined, signal);
    this.#notebooks.set(place.store, path);
    return place;
  }

  /** A notebook by which this store was found, to be kept with the store's key: keys are those of one server's life. */
  notebookOf(store: string): string | null {
    return this.#notebooks.get(store) ?? null;
  }

  /** Tells of a notebook by which a store was found earlier, on another page. */
  remember(store: string, notebook: string): void {
    if (!this.#notebooks.has(store)) {
      this.#notebooks.set(store, notebook);
    }
  }

  /** The answer to a question that changes nothing. */
  ask(asked: Asked, signal?: AbortSignal): Promise<Answer> {
    return this.#askOf(asked.store, 'ask', asked, signal);
  }

  /** The answer to a question that changes what is kept. */
  change(asked: Asked, signal?: AbortSignal): Promise<Answer> {
    return this.#askOf(asked.store, 'change', asked, signal);
  }

  watch(watch: Watch, signal?: AbortSignal): Promise<Watched> {
    return this.#askOf(watch.store, 'watch', watch, signal);
  }

  /** The notebook of a run as it stood, in Jupyter's format. */
  notebook(store: string, runId: string, signal?: AbortSignal): Promise<JSONObject> {
    return this.#askOf(store, `notebook/${pathOf(store, runId)}`, undefined, signal);
  }

  outputs(store: string, runId: string, signal?: AbortSignal): Promise<KeptOutputs> {
    return this.#askOf(store, `outputs/${pathOf(store, runId)}`, undefined, signal);
  }

  restore(restore: Restore, signal?: AbortSignal): Promise<RestoredFiles> {
    return this.#askOf(restore.store, 'restore', restore, signal);
  }

  /** A server that was started anew knows no store but its own before it is asked for the place of one of its notebooks. */
  async #askOf<T>(store: string, route: string, body: object | undefined, signal?: AbortSignal): Promise<T> {
    try {
      return await this.#ask<T>(route, body, signal);
    } catch (error) {
      const isUnknown = error instanceof ServerError && error.isUnknown;
      if (isUnknown && (await this.#findAgain(store, signal))) {
        return this.#ask<T>(route, body, signal);
      }
      throw error;
    }
  }

  /** Has the server find a store again, by a notebook or as its own; false where nothing leads to it. */
  async #findAgain(store: string, signal?: AbortSignal): Promise<boolean> {
    const notebook = this.#notebooks.get(store);
    const found = notebook === undefined ? (await this.about()).places : [await this.place(notebook, signal)];
    return found.some((place) => place.store === store);
  }

  async #ask<T>(route: string, body: object | undefined, signal?: AbortSignal): Promise<T> {
    this.#about ??= this.#askVersion();
    await this.#about;
    signal?.throwIfAborted();
    return this.#send<T>(route, body, signal);
  }

  async #askVersion(): Promise<About> {
    try {
      const about = await this.#send<About>('about');
      if (about.version !== version) {
        throw new ServerError('version', versionMessage(about.version));
      }
      return about;
    } catch (error) {
      this.#about = null; // What is missing may be there the next time.
      throw error;
    }
  }

  async #send<T>(route: string, body?: object, signal?: AbortSignal): Promise<T> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const init: RequestInit = { signal: signal ? AbortSignal.any([signal, timeout]) : timeout };
    if (body !== undefined) {
      Object.assign(init, { method: 'POST', body: JSON.stringify(body), headers: JSON_BODY });
    }
    const url = URLExt.join(this.#settings.baseUrl, 'trackside');
    const [response, text] = await this.#fetch(`${url}/${route}`, init).catch(() => {
      signal?.throwIfAborted();
      this.#about = null; // It may come back as another version.
      throw new ServerError('away', awayMessage(timeout.aborted));
    });
    if (response.ok) {
      return JSON.parse(text) as T;
    }
    throw refusal(response, text);
  }

  async #fetch(url: string, init: RequestInit): Promise<[Response, string]> {
    const response = await ServerConnection.makeRequest(url, init, this.#settings);
    return [response, await response.text()];
  }
}

function pathOf(...parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join('/');
}

function versionMessage(found: string): string {
  return (
    `Found Trackside ${found} where Jupyter runs, expected ${version} as on this page: reload the page, and where that ` +
    'does not help, restart Jupyter.'
  );
}

const JSON_BODY = { 'Content-Type': 'application/json' };

function awayMessage(tookTooLong: boolean): string {
  return tookTooLong
    ? `Jupyter's server did not answer within ${TIMEOUT_MS / 1000} s: the machine or the store is busy. It is asked again.`
    : "Jupyter's server does not answer: it has ended, or the connection is cut. It is asked again.";
}

function refusal(response: Response, text: string): ServerError {
  const said = messageIn(text);
  if (response.status === 404 && said === null) {
    return new ServerError(
      'missing',
      "Trackside's server extension does not run. In the environment that runs Jupyter install Trackside, or, where it " +
        'is installed, switch the extension on, and restart Jupyter: "pip install trackside", or "jupyter server extension enable trackside.server".',
    );
  }
  if (response.status === 401 || response.status === 403) {
    return new ServerError('refused', said ?? 'Jupyter refused the request: log in again, and reload the page.');
  }
  const words = said ?? `Jupyter's server failed (status ${response.status}): its log says why.`;
  return new ServerError('refused', words, response.status === 404);
}

/** What the server says, where it is Trackside that speaks. */
function messageIn(text: string): string | null {
  try {
    const { message } = JSON.parse(text) as Partial<Refused>;
    return typeof message === 'string' ? message : null;
  } catch {
    return null; // A page of Jupyter's own, or of a proxy before it.
  }
}
