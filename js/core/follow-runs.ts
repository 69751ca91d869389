import { included } from './included';
import { Observable } from './observable';
import { findColumn } from './runs';
import { followSight } from './sight';
import { type Undo, undoAll } from './undo';
import type { Page } from './view';
import type { RunTable, ViewState } from './wire';

const SHORTEST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 60_000;
/** A pause is so many times as long as the answer took: where runs are many or the machine is busy, the running cell is to notice as little. */
const PAUSE = 40;
/** What could not be told, or only as of some time ago, is asked for again after so long, and after as long as that. */
const AGAIN_MS = 5000;

/** How many of these runs are going on. */
export function countRunning(table: RunTable): number {
  return findColumn(table, 'run:status')?.values.filter((status) => status === 'running').length ?? 0;
}

/** What following the runs told: why the last question failed, or null. */
export interface RunFollower {
  readonly problem: Observable<string | null>;
  /** Asks at once, whatever was told. */
  refresh(): void;
  readonly dispose: Undo;
}

/**
 * Keeps the page's table up to date: asks at the start, when the kernel is back (`notice` becomes null), when `element`
 * comes back into sight, when the source has news or the user wants hidden or older runs too and, while it can be seen and a
 * run goes on or the last answer failed or is old, every few seconds. With the first answer after a failure all is asked
 * anew that failed beside it. Marks `element` as live at the first answer of a live source. Out of sight nothing
 * is asked, and no news is listened for.
 */
export function followRuns(element: HTMLElement, page: Page, notice: Observable<string | null>): RunFollower {
  const problem = new Observable<string | null>(null);
  const stopped = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopHearing: Undo = () => undefined;
  let isVisible: boolean | undefined;
  let isAsking = false;
  let isBack = false;
  /** Whether there is something to be asked for at once. */
  let isDue = false;
  let tookMs = 0;
  let wanted = included(page.state.value);

  const ask = async (): Promise<void> => {
    clearTimeout(timer);
    isAsking = true;
    isDue = false;
    const began = performance.now();
    try {
      const table = await page.source.ask({ ask: 'runs', ...wanted }, stopped.signal);
      if (problem.value !== null) {
        problem.value = page.marks.problem.value = null;
        isBack = true;
      }
      if (page.source.live) {
        element.dataset['live'] = '';
      }
      if (isBack || !isSameTable(table, page.table.value)) {
        isBack = false;
        page.table.value = table;
      }
    } catch (error) {
      if (!stopped.signal.aborted) {
        problem.value = error instanceof Error ? error.message : String(error);
      }
    }
    tookMs = performance.now() - began;
    isAsking = false;
    plan();
  };
  const plan = (): void => {
    clearTimeout(timer);
    const isPossible = isVisible !== false && !isAsking && page.source.live && !stopped.signal.aborted;
    if (isPossible && isDue) {
      void ask();
      return;
    }
    const isTroubled = problem.value !== null || (page.table.value.age ?? null) !== null;
    if (isPossible && isVisible && (isTroubled || countRunning(page.table.value) > 0)) {
      const shortest = isTroubled ? AGAIN_MS : SHORTEST_PAUSE_MS;
      timer = setTimeout(() => void ask(), Math.min(LONGEST_PAUSE_MS, Math.max(shortest, PAUSE * tookMs)));
    }
  };
  const refresh = (): void => {
    isDue = true;
    plan();
  };
  const onSight = (isSeen: boolean): void => {
    const wasVisible = isVisible;
    isVisible = isSeen;
    if (isSeen !== wasVisible) {
      stopHearing();
      stopHearing = (isSeen && page.source.onNews?.(refresh)) || (() => undefined);
    }
    if (wasVisible === false && isSeen) {
      refresh();
    } else {
      plan();
    }
  };
  const onState = (state: ViewState): void => {
    const before = wanted;
    wanted = included(state);
    if (wanted.include_hidden !== before.include_hidden || wanted.include_older !== before.include_older) {
      refresh();
    }
  };
  const onNotice = (message: string | null): void => {
    if (message === null) {
      isBack = true;
      refresh();
    }
  };
  refresh();
  return {
    problem,
    refresh,
    dispose: undoAll([
      notice.subscribe(onNotice),
      page.state.subscribe(onState),
      followSight(element, onSight),
      () => stopHearing(),
      () => clearTimeout(timer),
      () => stopped.abort(),
    ]),
  };
}

/** Whether two tables say the same: an answer without news must not make every view draw again. */
export function isSameTable(one: RunTable, other: RunTable): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
