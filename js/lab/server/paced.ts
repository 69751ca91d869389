import type { Undo } from '../../core/undo';

/** A pause is so many times as long as the answer took: where runs are many, a running cell is to notice as little. */
const PAUSE = 10;
const SHORTEST_PAUSE_MS = 400;
/** Where others have the processors, an answer takes long though it costs little: what is shown must not fall behind. */
const LONGEST_PAUSE_MS = 2000;

/** How long nothing is to be asked after an answer that took `ms`, at most `longest`; all in milliseconds. */
export function pauseAfter(ms: number, longest = LONGEST_PAUSE_MS): number {
  return Math.min(longest, Math.max(SHORTEST_PAUSE_MS, PAUSE * ms));
}

/** A question that is asked again and again, never twice at once. */
export interface Paced {
  /** There is news: asks, if the pause after the last answer is over, and else then; once, however often it is told. */
  tell(): void;
  /** The user waits for it: asks without a pause. */
  now(): void;
  readonly dispose: Undo;
}

/**
 * Wraps a question, so that it is asked as often as it is wanted and the machine bears.
 *
 * @example
 * const { tell, dispose } = paced(async () => show(await source.ask(question)));
 * source.onNews(tell);
 */
export function paced(question: () => Promise<void>): Paced {
  let isAsking = false;
  let due: 'not' | 'soon' | 'now' = 'not';
  let isOver = false;
  let restsUntil = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const ask = (): void => {
    isAsking = true;
    due = 'not';
    const began = performance.now();
    const rest = (): void => {
      const ended = performance.now();
      restsUntil = ended + pauseAfter(ended - began);
      isAsking = false;
      plan();
    };
    void question().then(rest, rest);
  };
  const plan = (): void => {
    clearTimeout(timer);
    const wait = due === 'now' ? 0 : restsUntil - performance.now();
    if (isOver || isAsking || due === 'not') {
      return;
    }
    if (wait > 0) {
      timer = setTimeout(ask, wait);
    } else {
      ask();
    }
  };
  return {
    tell: () => {
      due = due === 'now' ? 'now' : 'soon';
      plan();
    },
    now: () => {
      due = 'now';
      plan();
    },
    dispose: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
