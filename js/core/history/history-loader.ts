import { Observable } from '../observable';
import type { Source } from '../source';
import type { History, HistoryQuestion } from '../wire';
import type { Extent } from './lines';

/** How the last question went. */
export type LoadStatus =
  | { readonly kind: 'idle' | 'loading' | 'ready' }
  | { readonly kind: 'failed'; readonly message: string };

/** What is to be drawn; a change of `range` alone is a zoom. */
export type Wanted = Omit<HistoryQuestion, 'ask' | 'range'> & { readonly range: Extent | null };

/**
 * Asks for lines, one question at a time: a new one aborts the old. What was there stays until the answer comes, and
 * leaving a zoom shows the overview again at once.
 */
export class HistoryLoader {
  readonly history = new Observable<History | null>(null);
  readonly status = new Observable<LoadStatus>({ kind: 'idle' });
  readonly #source: Source;
  #overview: { subject: string; history: History } | null = null;
  #asking: AbortController | null = null;

  constructor(source: Source) {
    this.#source = source;
  }

  /** Asks for `wanted`. A source that is not live has one picture only: it is not asked for finer data. */
  ask(wanted: Wanted): void {
    this.#showOverview(wanted);
    if (wanted.range === null || this.#source.live) {
      void this.#load(wanted);
    }
  }

  /** Gives up the question under way. */
  dispose(): void {
    this.#asking?.abort();
    this.#asking = null;
  }

  #showOverview(wanted: Wanted): void {
    if (this.#overview?.subject !== subjectOf(wanted)) {
      this.#overview = null;
      this.history.value = null;
    } else if (wanted.range === null) {
      this.history.value = this.#overview.history;
    }
  }

  async #load(wanted: Wanted): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.status.value = { kind: 'loading' };
    try {
      const history = await this.#source.ask(questionFor(wanted), asking.signal);
      if (this.#asking === asking) {
        this.#keep(wanted, history);
      }
    } catch (error) {
      if (this.#asking === asking && !asking.signal.aborted) {
        this.status.value = { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
      }
    }
  }

  #keep(wanted: Wanted, history: History): void {
    if (wanted.range === null) {
      this.#overview = { subject: subjectOf(wanted), history };
    }
    this.history.value = history;
    this.status.value = { kind: 'ready' };
  }
}

function questionFor({ range, ...wanted }: Wanted): HistoryQuestion {
  return { ask: 'history', ...wanted, range: range === null ? null : [range[0], range[1]] };
}

/** Pictures of the same subject may stand in for each other; of another metric or x axis they may not. */
function subjectOf({ metric, x }: Wanted): string {
  return JSON.stringify([metric, x]);
}
