import { findColumn } from '../../core/runs';
import type { Source } from '../../core/source';
import type { Undo } from '../../core/undo';
import type { CardRecord } from '../../core/wire';
import type { Api } from './api';
import { HttpSource } from './http-source';
import type { NotebookPlace } from './notebook-place';
import type { Watcher } from './watcher';

/** The forms of an output by MIME type. */
export type Bundle = Readonly<Record<string, unknown>>;

/**
 * What the store knows of the runs that a notebook's outputs show, where no kernel can be asked. Its answers are null
 * where nothing is known of them: the notebook came from elsewhere, or there is no server to ask.
 */
export class StoredRuns {
  readonly #api: Pick<Api, 'ask' | 'change' | 'outputs'>;
  readonly #watcher: Pick<Watcher, 'watch'>;
  readonly #place: Pick<NotebookPlace, 'store'>;

  constructor(
    api: Pick<Api, 'ask' | 'change' | 'outputs'>,
    watcher: Pick<Watcher, 'watch'>,
    place: Pick<NotebookPlace, 'store'>,
  ) {
    this.#api = api;
    this.#watcher = watcher;
    this.#place = place;
  }

  /** A live source of these runs, if the store has any of them. */
  async sourceOf(runIds: readonly string[], signal?: AbortSignal): Promise<Source | null> {
    const store = runIds.length > 0 ? await this.#place.store() : null;
    if (store === null) {
      return null;
    }
    const source = this.#source(store, runIds);
    const { run_ids } = await source.ask({ ask: 'runs', include_hidden: true }, signal);
    return run_ids.length > 0 ? source : null;
  }

  /** The card of a run that has ended, in all its forms; `running` of one that goes on, `unknown` of one of another store. */
  async cardOf(runId: string, cardMime: string): Promise<Bundle | 'running' | 'unknown' | null> {
    const store = await this.#place.store();
    if (store === null) {
      return null;
    }
    const table = await this.#source(store, [runId]).ask({ ask: 'runs', include_hidden: true });
    const status = findColumn(table, 'run:status')?.values[0];
    if (status === undefined || status === 'running') {
      return status ?? 'unknown';
    }
    const { outputs }: { outputs: { data?: Bundle }[] } = await this.#api.outputs(store, runId);
    const isCard = ({ data }: { data?: Bundle }): boolean =>
      (data?.[cardMime] as CardRecord | undefined)?.run_id === runId;
    return outputs.find(isCard)?.data ?? null;
  }

  /** Calls `told` at first and whenever runs of the store changed; never where no store is known. */
  onNews(told: () => void): Undo {
    let undo: Undo | undefined;
    let isOver = false;
    void this.#place.store().then((store) => {
      if (store !== null && !isOver) {
        undo = this.#watcher.watch(store, told);
        told(); // A watcher that others brought here before tells nothing at first.
      }
    });
    return () => {
      isOver = true;
      undo?.();
    };
  }

  #source(store: string, runIds: readonly string[]): HttpSource {
    return new HttpSource(this.#api, this.#watcher, { store, run_ids: [...runIds] });
  }
}
