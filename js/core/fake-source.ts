import type { AnswerTo, Source } from './source';
import type { Undo } from './undo';
import type { Answer, Question, RunTable } from './wire';

/** How a fake answers; what is left out is answered from the table, or refused. */
export interface FakeAnswers {
  table: RunTable;
  answer?(question: Question): Answer | undefined;
}

/**
 * A live source with canned answers, for tests and demos.
 *
 * @example
 * const source = new FakeSource({ table, answer: (q) => q.ask === 'filter' ? { answer: 'filter', run_ids: [] } : undefined });
 * mountPage(element, record, source);
 */
export class FakeSource implements Source {
  readonly live = true;
  /** What was asked, in order. */
  readonly asked: Question[] = [];
  /** Replace `answers.table` to let the runs go on. */
  readonly answers: FakeAnswers;
  readonly #listeners = new Set<() => void>();

  constructor(answers: FakeAnswers) {
    this.answers = answers;
  }

  onNews(told: () => void): Undo {
    this.#listeners.add(told);
    return () => this.#listeners.delete(told);
  }

  /** Tells whoever listens that runs changed. */
  tellNews(): void {
    for (const told of this.#listeners) {
      told();
    }
  }

  async ask<Q extends Question>(question: Q, signal?: AbortSignal): Promise<AnswerTo<Q>> {
    signal?.throwIfAborted();
    this.asked.push(question);
    const answer = this.answers.answer?.(question) ?? (question.ask === 'runs' ? this.answers.table : undefined);
    if (answer === undefined) {
      throw new Error(`The fake source has no answer to "${question.ask}".`);
    }
    if (answer.answer === 'failure') {
      throw new Error(answer.message);
    }
    return answer as AnswerTo<Q>;
  }
}
