import { included } from './included';
import { comparedMetric } from './incomparable';
import { findColumn } from './runs';
import { type Undo, undoAll } from './undo';
import type { Page } from './view';
import type { ComparabilityQuestion } from './wire';

/** What the panels need first is asked for first. */
const SETTLE_MS = 300;
const SHORTEST_PAUSE_MS = 2000;
/** As `followRuns` asks: where it takes long, it is asked less often. */
const PAUSE = 40;

/**
 * Asks which runs are comparable with the one that they are held against: once the page is drawn, and again when there are
 * other runs, when one ended or got its first value, and when another run or metric is what they are compared by.
 */
export function followComparability(page: Page): Undo {
  const stopped = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = '';
  let isAsking = false;
  let earliest = 0;

  const ask = async (): Promise<void> => {
    timer = undefined;
    const about = subject(page);
    const question = questionOf(page);
    if (question === null) {
      return;
    }
    asked = about;
    isAsking = true;
    const began = performance.now();
    const answer = await page.source.ask(question, stopped.signal).catch(() => null);
    isAsking = false;
    const now = performance.now();
    earliest = now + Math.max(SHORTEST_PAUSE_MS, PAUSE * (now - began));
    if (answer === null) {
      asked = ''; // A kernel that is busy or gone, a record without it: the next change asks anew.
      return;
    }
    page.comparability.value = answer;
    plan();
  };
  const plan = (): void => {
    if (!stopped.signal.aborted && !isAsking && timer === undefined && subject(page) !== asked) {
      timer = setTimeout(() => void ask(), Math.max(SETTLE_MS, earliest - performance.now()));
    }
  };
  plan();
  return undoAll([
    () => stopped.abort(),
    () => clearTimeout(timer),
    page.table.subscribe(plan),
    page.selection.pinned.subscribe(plan),
  ]);
}

function questionOf(page: Page): ComparabilityQuestion | null {
  const metric = comparedMetric(page);
  const against = page.selection.pinned.value;
  return metric === null ? null : { ask: 'comparability', metric, against, ...included(page.state.value) };
}

/** What the answer depends on, as a text. */
function subject(page: Page): string {
  const table = page.table.value;
  const statuses = findColumn(table, 'run:status')?.values ?? [];
  const measured = findColumn(table, table.main ?? '')?.values.map((value) => value !== null) ?? [];
  return JSON.stringify([questionOf(page), table.baseline, table.run_ids, statuses, measured]);
}
