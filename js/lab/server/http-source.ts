import type { AnswerTo, Source } from '../../core/source';
import type { Undo } from '../../core/undo';
import { type Asked, CHANGING, type Question } from '../../core/wire';
import type { Api } from './api';
import { pauseAfter } from './paced';
import type { Watcher } from './watcher';

/** An answer about so many runs takes long because it costs: where a search goes through all, a running cell goes before it. */
const MANY_RUNS = 1000;
const PAUSE_AFTER_MANY_MS = 10_000;

/** What is asked about: runs of a store, as in `Asked`. */
export type Scope = Omit<Asked, 'question'>;

/** The experiment that runs are asked for as part of: its baseline and goals count, whatever its notebook was called. */
export type Origin = Pick<Scope, 'store' | 'project' | 'experiment'>;

/** The experiment of a scope, without the choice of its runs. */
export function originIn({ store, project = null, experiment = null }: Scope): Origin {
  return { store, project, experiment };
}

/** Asks the server about the runs of one scope; no kernel is needed. */
export class HttpSource implements Source {
  readonly live = true;
  /** Which runs the next question is about. */
  scope: Scope;
  readonly #api: Pick<Api, 'ask' | 'change'>;
  readonly #watcher: Pick<Watcher, 'watch'>;
  readonly #listeners = new Set<() => void>();
  /** When the next news may be told. */
  #restsUntil = Number.NEGATIVE_INFINITY;

  constructor(api: Pick<Api, 'ask' | 'change'>, watcher: Pick<Watcher, 'watch'>, scope: Scope) {
    this.#api = api;
    this.#watcher = watcher;
    this.scope = scope;
  }

  async ask<Q extends Question>(question: Q, signal?: AbortSignal): Promise<AnswerTo<Q>> {
    const asked: Asked = { ...this.scope, question };
    const began = performance.now();
    const answer = await (isChange(question) ? this.#api.change(asked, signal) : this.#api.ask(asked, signal)).catch(
      (error) => {
        if (question.ask !== 'runs' && !signal?.aborted) {
          this.#tell();
        }
        throw error;
      },
    );
    if (question.ask === 'runs') {
      const ended = performance.now();
      const isMany = answer.answer === 'runs' && answer.run_ids.length > MANY_RUNS;
      const longest = isMany ? PAUSE_AFTER_MANY_MS : undefined;
      this.#restsUntil = ended + pauseAfter(ended - began, longest);
    }
    if (answer.answer === 'failure') {
      throw new Error(answer.message);
    }
    return answer as AnswerTo<Q>;
  }

  /**
   * There may be news with every point of a run: it is told no faster than answers about the runs bear. It is news, too,
   * that the server gave no answer: whoever asks for the runs then sees when it is back.
   */
  onNews(told: () => void): Undo {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      clearTimeout(timer);
      timer = setTimeout(told, Math.max(0, this.#restsUntil - performance.now()));
    };
    this.#listeners.add(tell);
    const stop = this.#watcher.watch(this.scope.store, tell);
    return () => {
      clearTimeout(timer);
      this.#listeners.delete(tell);
      stop();
    };
  }

  #tell(): void {
    for (const tell of this.#listeners) {
      tell();
    }
  }
}

/** Whether a question changes what is kept: where its kind does, or a field of it that is given. */
function isChange(question: Question): boolean {
  const field = (CHANGING as Readonly<Record<string, string | null>>)[question.ask];
  return field === null || (field !== undefined && (question as unknown as Record<string, unknown>)[field] != null);
}
