import { savedArtifacts } from './artifacts/saved-artifacts';
import { savedDiffs } from './diff/saved-diffs';
import { countRunning } from './follow-runs';
import { drawnMetrics } from './history/drawn-metrics';
import { importanceQuestion } from './importance/question';
import { isInFront, type Panel } from './layout';
import type { Passing } from './selection';
import { snapshotHtml } from './snapshot';
import { type Undo, undoAll } from './undo';
import type { Page } from './view';
import { wantedFirst } from './wanted-runs';
import type { Comparability, History, HistoryQuestion, Importance, RunTable, ViewRecord, ViewState } from './wire';

/** The newest record this code reads. */
export const RECORD_VERSION = 1;

/** The event by which a page tells its host, bubbling, that there is something to keep in the notebook. */
export const RECORD_EVENT = 'trackside:record';

/** What the event carries. Nothing is drawn or asked unless a host calls `draw`. */
export interface RecordOffer {
  /** Whether the runs or the user's choices changed since the page was mounted; false for the first drawing. */
  readonly changed: boolean;
  draw(): Promise<{ record: ViewRecord; html: string }>;
}

// What a notebook keeps is bounded as `trackside.widgets` bounds it, so that drawing it again makes no difference.
const SAVED_RUNS = 200;
const SAVED_CELLS = 5000;
const FEWEST_RUNS = 20;
const SAVED_LINES = 50;
const SAVED_COLUMNS = 2000;
const SAVED_METRICS = 6;
const FEWEST_COLUMNS = 25;

const SETTLE_MS = 600;
const SETTLE_RUNNING_MS = 15_000;

/** Offers the page's record after its first drawing and after changes, once they have settled. */
export function offerRecords(element: HTMLElement, page: Page, first: ViewRecord): Undo {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let changed = false;
  let last = first;

  const offer = (): void => {
    timer = undefined;
    const draw = async (): Promise<{ record: ViewRecord; html: string }> => {
      last = await makeRecord(page, last);
      return { record: last, html: await snapshotHtml(element, page) };
    };
    const detail: RecordOffer = { changed, draw };
    element.dispatchEvent(new CustomEvent(RECORD_EVENT, { bubbles: true, detail }));
  };
  const settle = (): void => {
    clearTimeout(timer);
    timer = setTimeout(offer, SETTLE_MS);
  };
  // Drawing the pictures blocks the page: a brush that moves must not be stopped by it.
  const onChoice = (): void => {
    changed = true;
    settle();
  };
  const onTable = (table: RunTable): void => {
    if (countRunning(table) === 0) {
      onChoice();
    } else {
      changed = true;
      timer ??= setTimeout(offer, SETTLE_RUNNING_MS);
    }
  };
  settle();
  return undoAll([
    () => clearTimeout(timer),
    page.state.subscribe(onChoice),
    page.selection.filters.subscribe(onChoice),
    page.table.subscribe(onTable),
  ]);
}

/**
 * What the page shows now, small enough to be saved. What cannot be had now is kept from `before`, and so is what stands
 * behind another tab: nothing is worked out that nobody sees.
 */
export async function makeRecord(page: Page, before: ViewRecord): Promise<ViewRecord> {
  const state = page.state.value;
  const { importances = [], diffs = [], artifacts = null } = before;
  const ofPanel = async <T>(panel: Panel, none: T, last: T, ask: (last: T) => Promise<T>): Promise<T> => {
    const isShown = state.panels.includes(panel);
    return isShown && isInFront(panel, state) ? ask(last) : isShown ? last : none;
  };
  const passing = state.filter ? page.selection.filters.value.get('filter') : undefined;
  const table = keptRuns(page.table.value, state, savedRuns(page.table.value.columns.length), passing);
  return {
    version: RECORD_VERSION,
    state,
    table,
    histories: state.panels.includes('history') ? await savedHistories(page, table, before.histories, passing) : [],
    importances: await ofPanel('importance', [], importances, (last) => savedImportances(page, last)),
    diffs: await ofPanel('diff', [], diffs, (last) => savedDiffs(page, table, last)),
    artifacts: await ofPanel('artifacts', null, artifacts, (last) => savedArtifacts(page, table, last)),
    comparability: keptComparability(page.comparability.value, table),
    passing: passing ? table.run_ids.filter((run) => passing.has(run)) : null,
  };
}

/** How many runs of a table with so many columns are saved. */
export function savedRuns(columns: number): number {
  return Math.min(SAVED_RUNS, Math.max(FEWEST_RUNS, Math.floor(SAVED_CELLS / Math.max(1, columns))));
}

async function savedHistories(
  page: Page,
  table: RunTable,
  before: History[],
  passing: Passing | undefined,
): Promise<History[]> {
  const { state, source } = page;
  const metrics = drawnMetrics(state.value, table).slice(0, SAVED_METRICS);
  const columns = Math.floor(SAVED_COLUMNS / Math.max(1, metrics.length));
  const most = Math.min(SAVED_LINES, Math.floor(columns / FEWEST_COLUMNS));
  const run_ids = wantedFirst(table, state.value, passing).slice(0, most);
  if (metrics.length === 0 || run_ids.length === 0 || !source.live) {
    return before;
  }
  const pixels = Math.min(200, Math.floor(columns / run_ids.length));
  const shared = {
    ask: 'history',
    run_ids,
    x: state.value.x ?? 'step',
    pixels,
    log_x: state.value.log_x ?? false,
  } as const;
  try {
    return await Promise.all(metrics.map((metric) => source.ask<HistoryQuestion>({ ...shared, metric })));
  } catch {
    // The kernel is busy or gone: what was saved before is still true, if older.
    return before;
  }
}

async function savedImportances(page: Page, before: Importance[]): Promise<Importance[]> {
  const question = importanceQuestion(page);
  if (question === null || !page.source.live) {
    return before;
  }
  try {
    const answer = await page.source.ask(question);
    return answer.pending ? before : [answer];
  } catch {
    return before;
  }
}

function keptComparability(known: Comparability | null, table: RunTable): Comparability | null {
  const kept = new Set(table.run_ids);
  const runs = known?.runs?.map((each) => ({ ...each, run_ids: each.run_ids.filter((run) => kept.has(run)) })) ?? [];
  return known && { ...known, runs: runs.filter(({ run_ids }) => run_ids.length > 0) };
}

/** So many runs of a table, those that people look for before others, newest first. */
export function keptRuns(table: RunTable, state: ViewState, count: number, passing?: Passing): RunTable {
  if (table.run_ids.length <= count) {
    return table;
  }
  const kept = new Set(wantedFirst(table, state, passing).slice(0, count));
  const pick = <T>(values: readonly T[]): T[] => values.filter((_, row) => kept.has(table.run_ids[row] ?? ''));
  const only = (runs: readonly string[] | undefined): string[] => runs?.filter((run) => kept.has(run)) ?? [];
  return {
    ...table,
    run_ids: pick(table.run_ids),
    columns: table.columns.map((column) => ({
      ...column,
      values: pick(column.values),
      spreads: column.spreads ? pick(column.spreads) : null,
    })),
    ordinals: table.ordinals ? pick(table.ordinals) : null,
    repeats: table.repeats ? pick(table.repeats) : null,
    names: table.names ? pick(table.names) : null,
    starred: only(table.starred),
    shown_anyway: only(table.shown_anyway),
    baseline: only(table.baseline == null ? [] : [table.baseline])[0] ?? null,
    saved_of: table.saved_of ?? table.run_ids.length,
  };
}

/** Whether keeping `next` in place of `last` would tell a reader anything new. */
export function isSameRecord(last: ViewRecord, next: ViewRecord): boolean {
  return comparable(last) === comparable(next);
}

/** The record as a text, without the ages of its answers. A notebook's file has the keys in another order than the answers. */
function comparable(record: ViewRecord): string {
  const { version, state, table, histories, importances, diffs, artifacts, comparability, passing } = record;
  const ages = [table, ...histories].map(({ age: _, ...rest }) => rest);
  const asked = [importances ?? [], diffs ?? [], artifacts ?? null, comparability ?? null];
  return JSON.stringify([version, state, ages, asked, passing ?? null], (_, value) => sortKeys(value));
}

function sortKeys(value: unknown): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}
