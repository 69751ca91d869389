import type { AnswerTo, Source } from './source';
import type { Question } from './wire';

const AT_ONCE = 3;
const KEPT = 80;

/** Asks each question once, a few at a time, and keeps the newest answers; one that failed may be asked again. */
export class Asker {
  readonly #source: Source;
  readonly #lifetime = new AbortController();
  readonly #answers = new Map<string, Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #going = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  /** The answer to a question; `version` tells answers apart that may change with time. */
  ask<Q extends Question>(question: Q, version = ''): Promise<AnswerTo<Q>> {
    const key = JSON.stringify([question, version]);
    const known = this.#answers.get(key) as Promise<AnswerTo<Q>> | undefined;
    if (known) {
      return known;
    }
    const answer = this.#take(question);
    this.#answers.set(key, answer);
    answer.catch(() => this.#answers.delete(key));
    for (const oldest of [...this.#answers.keys()].slice(0, -KEPT)) {
      this.#answers.delete(oldest);
    }
    return answer;
  }

  /** Lets everything be asked anew. */
  forget(): void {
    this.#answers.clear();
  }

  dispose(): void {
    this.#lifetime.abort();
    this.#waiting.length = 0;
  }

  async #take<Q extends Question>(question: Q): Promise<AnswerTo<Q>> {
    if (this.#going >= AT_ONCE) {
      await new Promise<void>((go) => this.#waiting.push(go));
    }
    this.#going++;
    try {
      return await this.#source.ask(question, this.#lifetime.signal);
    } finally {
      this.#going--;
      this.#waiting.shift()?.();
    }
  }
}

/** What went wrong, in words for people. */
export function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
