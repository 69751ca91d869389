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

/** What was answered about one window. */
interface Known {
  readonly window: string;
  readonly history: History;
  /** The runs whose lines, or the lack of them, are as new as can be. */
  readonly fresh: Set<string>;
}

interface Asking {
  readonly question: string;
  readonly abort: AbortController;
  /** The runs that went on meanwhile: the answer may come too early for them. */
  readonly late: Set<string>;
}

/**
 * Asks for lines, one question at a time: a new one aborts the old. What was there stays until the answer comes, and
 * leaving a zoom shows the overview again at once. Only those runs are asked for that are not known, or outdated: while
 * one of a thousand runs goes on, one line travels.
 */
export class HistoryLoader {
  readonly history = new Observable<History | null>(null);
  readonly status = new Observable<LoadStatus>({ kind: 'idle' });
  readonly #source: Source;
  #subject = '';
  #overview: Known | null = null;
  #shown: Known | null = null;
  #asking: Asking | null = null;

  constructor(source: Source) {
    this.#source = source;
  }

  /** Asks for what of `wanted` is not known. A source that is not live has one picture: it is not asked for finer data. */
  ask(wanted: Wanted): void {
    this.#showOverview(wanted);
    if (wanted.range !== null && !this.#source.live) {
      return;
    }
    const known = this.#shown?.window === windowOf(wanted) ? this.#shown : null;
    const missing = wanted.run_ids.filter((run) => !known?.fresh.has(run));
    if (known !== null && missing.length === 0) {
      this.dispose();
      this.status.value = { kind: 'ready' };
      return;
    }
    void this.#load(wanted, missing, known);
  }

  /** Says that the lines of these runs may have gone on, or with null that all have to be asked for again. */
  outdate(runs: readonly string[] | null): void {
    for (const known of [this.#overview, this.#shown]) {
      for (const run of runs ?? [...(known?.fresh ?? [])]) {
        known?.fresh.delete(run);
        this.#asking?.late.add(run);
      }
    }
  }

  /** Gives up the question under way. */
  dispose(): void {
    this.#asking?.abort.abort();
    this.#asking = null;
  }

  #showOverview(wanted: Wanted): void {
    const subject = JSON.stringify([wanted.metric, wanted.x]);
    if (subject !== this.#subject) {
      // Pictures of another metric or x axis may not stand in for this one.
      this.#subject = subject;
      this.#overview = null;
      this.#shown = null;
      this.history.value = null;
    } else if (wanted.range === null && this.#overview !== null) {
      this.#shown = this.#overview;
      this.history.value = this.#overview.history;
    }
  }

  async #load(wanted: Wanted, missing: readonly string[], known: Known | null): Promise<void> {
    const { range, ...rest } = wanted;
    const question: HistoryQuestion = { ask: 'history', ...rest, run_ids: [...missing], range: range && [...range] };
    const text = JSON.stringify(question);
    if (this.#asking?.question === text) {
      return;
    }
    this.dispose();
    const asking: Asking = { question: text, abort: new AbortController(), late: new Set() };
    this.#asking = asking;
    this.status.value = { kind: 'loading' };
    try {
      const answer = await this.#source.ask(question, asking.abort.signal);
      if (this.#asking === asking) {
        const history = known === null ? answer : joined(known.history, answer, wanted.run_ids, missing);
        this.#keep(
          wanted,
          missing.filter((run) => !asking.late.has(run)),
          history,
        );
        if (asking.late.size > 0) {
          this.ask(wanted);
        }
      }
    } catch (error) {
      if (this.#asking === asking && !asking.abort.signal.aborted) {
        this.#asking = null;
        this.status.value = { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
      }
    }
  }

  #keep(wanted: Wanted, asked: readonly string[], history: History): void {
    const window = windowOf(wanted);
    const before = this.#shown?.window === window ? this.#shown.fresh : [];
    // What was saved, or is older for the store is busy, is to be asked for again.
    const isNews = this.#source.live && history.age == null;
    const known = { window, history, fresh: new Set(isNews ? [...before, ...asked] : before) };
    this.#asking = null;
    this.#shown = known;
    if (wanted.range === null) {
      this.#overview = known;
    }
    this.history.value = history;
    this.status.value = { kind: 'ready' };
  }
}

/** The lines of `before` with the newly answered ones in their places, in the order of `runs`. */
function joined(before: History, answer: History, runs: readonly string[], asked: readonly string[]): History {
  const lines = new Map(before.lines.map((line) => [line.run_id, line]));
  for (const run of asked) {
    lines.delete(run);
  }
  for (const line of answer.lines) {
    lines.set(line.run_id, line);
  }
  return { ...answer, lines: runs.flatMap((run) => lines.get(run) ?? []) };
}

function windowOf({ metric, x, pixels, log_x, range }: Wanted): string {
  return JSON.stringify([metric, x, pixels, log_x ?? false, range]);
}
