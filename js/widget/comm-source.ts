import type { Experimental } from '@anywidget/types';
import { Observable } from '../core/observable';
import { SavedSource } from '../core/saved-source';
import type { AnswerTo, Source } from '../core/source';
import type { Undo } from '../core/undo';
import type { Answer, Question, ViewRecord } from '../core/wire';
import { withAnswer } from './last-answers';

// A busy machine may take seconds, and more where many questions wait: so long it must have answered none of them.
const TIMEOUT_MS = 10_000;
// Asked before the comm's subshell has started, a question waits for the cell that runs; asked again, it does not.
const ASK_AGAIN_MS = 1000;

/** How anywidget marks its answers among the widget's messages. */
const ANSWER = 'anywidget-command-response';

type Invoke = Experimental['invoke'];

/** Calls `read` with every message that the widget's Python side sends by itself; returns the undo. */
type Listen = (read: (message: unknown) => void) => Undo;

/**
 * Asks the widget's kernel. Once that answers nothing for a while, what it answered last, or what was saved, answers in
 * its place and `notice` says so, until the kernel answers again: one that is only busy does so when it is free.
 */
export class CommSource implements Source {
  readonly notice = new Observable<string | null>(null);
  readonly #invoke: Invoke;
  readonly #listen: Listen;
  /** What was saved, with what was answered since. */
  #last: ViewRecord;
  #isAnswered = false;
  readonly #lifetime: AbortSignal;

  constructor(invoke: Invoke, listen: Listen, record: ViewRecord, lifetime: AbortSignal) {
    this.#invoke = invoke;
    this.#listen = listen;
    this.#last = record;
    this.#lifetime = lifetime;
  }

  get live(): boolean {
    return this.notice.value === null;
  }

  onNews(told: () => void): Undo {
    return this.#listen((message) => {
      if ((message as { op?: unknown } | null)?.op === 'runs-changed') {
        told();
      }
    });
  }

  async ask<Q extends Question>(question: Q, signal: AbortSignal = this.#lifetime): Promise<AnswerTo<Q>> {
    if (!this.live) {
      return this.#askLast(question, signal);
    }
    const answer = await this.#askKernel(question, signal, TIMEOUT_MS);
    signal.throwIfAborted();
    if (answer === null) {
      void this.lose('no answer from the kernel');
      return this.#askLast(question, signal);
    }
    if (answer.answer === 'failure') {
      throw new Error(answer.message);
    }
    this.#last = withAnswer(this.#last, question, answer);
    this.#isAnswered = true;
    return answer as AnswerTo<Q>;
  }

  #askLast<Q extends Question>(question: Q, signal: AbortSignal): Promise<AnswerTo<Q>> {
    return new SavedSource(this.#last).ask(question, signal);
  }

  /** Null if the kernel did not answer, nor any other question, for `patience` milliseconds. */
  async #askKernel(question: Question, signal: AbortSignal, patience: number | null): Promise<Answer | null> {
    const done = new AbortController();
    const options = { signal: AbortSignal.any([signal, done.signal]) };
    const invoke = async (): Promise<Answer> => (await this.#invoke<Answer>('ask', question, options))[0];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = (): void => {
      clearTimeout(timer);
      timer = patience === null ? undefined : setTimeout(() => done.abort(), patience);
    };
    const stopHearing = this.#listen((message) => {
      if ((message as { kind?: unknown } | null)?.kind === ANSWER) {
        wait();
      }
    });
    wait();
    try {
      return await Promise.any([invoke(), pause(ASK_AGAIN_MS, options.signal).then(invoke)]);
    } catch {
      return null;
    } finally {
      done.abort();
      clearTimeout(timer);
      stopHearing();
    }
  }

  /** Says that the kernel is gone, for a reason; should it answer yet, it is back. */
  async lose(reason: string): Promise<void> {
    if (!this.live) {
      return;
    }
    const shown = this.#isAnswered ? 'it told last' : 'was saved';
    this.notice.value = `${reason}: showing what ${shown}`;
    const answer = await this.#askKernel({ ask: 'runs' }, this.#lifetime, null);
    if (answer !== null) {
      this.notice.value = null;
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
