import type { AnswerTo, Source } from '../../core/source';
import type { Undo } from '../../core/undo';
import type { Asked, Question } from '../../core/wire';
import type { Api } from './api';
import type { Watcher } from './watcher';

/** What is asked about: runs of a store, as in `Asked`. */
export type Scope = Omit<Asked, 'question'>;

/** Asks the server about the runs of one scope; no kernel is needed. */
export class HttpSource implements Source {
  readonly live = true;
  /** Which runs the next question is about. */
  scope: Scope;
  readonly #api: Pick<Api, 'ask' | 'change'>;
  readonly #watcher: Pick<Watcher, 'watch'>;

  constructor(api: Pick<Api, 'ask' | 'change'>, watcher: Pick<Watcher, 'watch'>, scope: Scope) {
    this.#api = api;
    this.#watcher = watcher;
    this.scope = scope;
  }

  async ask<Q extends Question>(question: Q, signal?: AbortSignal): Promise<AnswerTo<Q>> {
    const asked: Asked = { ...this.scope, question };
    const answer = await (isChange(question) ? this.#api.change(asked, signal) : this.#api.ask(asked, signal));
    if (answer.answer === 'failure') {
      throw new Error(answer.message);
    }
    return answer as AnswerTo<Q>;
  }

  onNews(told: () => void): Undo {
    return this.#watcher.watch(this.scope.store, told);
  }
}

function isChange(question: Question): boolean {
  return question.ask === 'mark' || question.ask === 'baseline' || (question.ask === 'views' && question.name != null);
}
