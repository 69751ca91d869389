import './page.css';
import { followComparability } from './comparability';
import { make } from './elements';
import { followRuns } from './follow-runs';
import { mountIncomparable } from './incomparable';
import { keepKeys } from './keys';
import { Marks } from './marks';
import { Observable } from './observable';
import { mountBar } from './page-bar';
import { mountPanels } from './panels';
import { keepPinned } from './pinned';
import { RECORD_VERSION } from './record';
import { Selection } from './selection';
import type { Source } from './source';
import { type Undo, undoAll } from './undo';
import { keepUnseen } from './unseen';
import type { Page } from './view';
import type { ViewRecord } from './wire';

let pages = 0;

/** A drawn page and its undo. */
export interface MountedPage {
  readonly page: Page;
  readonly dispose: Undo;
}

/** What a host may tell its page. */
export interface PageOptions {
  /** A quiet line at the page's edge, such as why what is shown is not live; null for none. */
  readonly notice?: Observable<string | null>;
}

/**
 * Draws the panels of a record into `element` and lets them share one selection. `source` answers what they ask.
 *
 * @example
 * const { dispose } = mountPage(element, record, new SavedSource(record));
 */
export function mountPage(
  element: HTMLElement,
  record: ViewRecord,
  source: Source,
  { notice = new Observable<string | null>(null) }: PageOptions = {},
): MountedPage {
  const page = makePage(record, source);
  const root = make('div', { class: 'trackside' });
  element.append(root);
  if (record.version > RECORD_VERSION) {
    root.append(newerRecordMessage(record.version));
    return { page, dispose: () => root.remove() };
  }
  const follower = followRuns(root, page, notice);
  const undos = [
    () => root.remove(),
    keepKeys(root),
    follower.dispose,
    keepState(page),
    mountBar(root, page, follower, notice),
    mountIncomparable(root, page),
    mountPanels(root, page),
    followComparability(page),
  ];
  return { page, dispose: undoAll(undos) };
}

function makePage(record: ViewRecord, source: Source): Page {
  const selection = new Selection();
  selection.ticked.value = new Set(record.state.ticked);
  const [table, state] = [new Observable(record.table), new Observable(record.state)];
  const comparability = new Observable(record.comparability ?? null);
  const id = `trackside-page-${++pages}`;
  return { id, source, selection, table, comparability, state, marks: new Marks(source, table, state) };
}

/** What is pinned and ticked belongs to the state that is saved. */
function keepState(page: Page): Undo {
  const { selection, state } = page;
  return undoAll([
    keepPinned(page),
    keepUnseen(page),
    selection.ticked.subscribe((ticked) => {
      state.value = { ...state.value, ticked: [...ticked] };
    }),
  ]);
}

function newerRecordMessage(version: number): HTMLElement {
  return make(
    'p',
    { class: 'trackside-empty' },
    `This view was saved by a newer Trackside (record version ${version}, this one reads up to ${RECORD_VERSION}). Update with `,
    make('code', {}, 'pip install --upgrade trackside'),
    ' and reload the page.',
  );
}
