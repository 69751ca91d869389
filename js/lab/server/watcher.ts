import type { Event } from '@jupyterlab/services';
import type { Undo } from '../../core/undo';
import { CHANGED } from '../../core/wire';
import type { Api } from './api';

const LEASE_S = 30;
const RENEW_MS = 10_000;

interface Watching {
  readonly listeners: Set<() => void>;
  /** What the store's runs were like when last heard of; null: nothing is known of what happened meanwhile. */
  mark: string | null;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Tells when runs of a store changed, while somebody wants to know and the page can be seen: only then does the server
 * look after the store. What changed while nobody looked, the machine slept or the connection was cut, is told at the
 * next renewal: its mark is another one.
 */
export class Watcher {
  readonly #api: Pick<Api, 'watch'>;
  readonly #stores = new Map<string, Watching>();

  constructor(api: Pick<Api, 'watch'>, events: Pick<Event.IManager, 'stream'>) {
    this.#api = api;
    events.stream.connect((_, emission) => {
      if (emission.schema_id === CHANGED) {
        this.#learn(String(emission['store']), String(emission['mark']));
      }
    });
    const renewAll = (): void => {
      for (const store of this.#stores.keys()) {
        void this.#renew(store);
      }
    };
    document.addEventListener('visibilitychange', renewAll);
    window.addEventListener('online', renewAll);
  }

  /** Calls `told` at the first lease, since something may have changed before it, and whenever runs of the store changed. */
  watch(store: string, told: () => void): Undo {
    const watching = this.#stores.get(store) ?? { listeners: new Set(), mark: null, timer: undefined };
    this.#stores.set(store, watching);
    watching.listeners.add(told);
    if (watching.listeners.size === 1) {
      void this.#renew(store);
    }
    return () => {
      watching.listeners.delete(told);
      if (watching.listeners.size === 0) {
        clearTimeout(watching.timer);
      }
    };
  }

  async #renew(store: string): Promise<void> {
    const watching = this.#stores.get(store);
    clearTimeout(watching?.timer);
    if (!watching || watching.listeners.size === 0 || document.visibilityState === 'hidden') {
      return;
    }
    watching.timer = setTimeout(() => void this.#renew(store), RENEW_MS);
    try {
      const { mark } = await this.#api.watch({ store, seconds: LEASE_S });
      this.#learn(store, mark);
    } catch {
      this.#learn(store, null); // Whoever asks hears why; once the server is back, all is asked anew.
    }
  }

  #learn(store: string, mark: string | null): void {
    const watching = this.#stores.get(store);
    if (!watching || watching.listeners.size === 0 || watching.mark === mark) {
      return;
    }
    watching.mark = mark;
    for (const told of [...watching.listeners]) {
      told();
    }
  }
}
