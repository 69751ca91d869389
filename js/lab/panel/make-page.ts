import { Marks } from '../../core/marks';
import { Observable } from '../../core/observable';
import { Selection } from '../../core/selection';
import type { Source } from '../../core/source';
import type { Page } from '../../core/view';
import type { Comparability, RunTable, ViewState } from '../../core/wire';

/** What a page has before the first answer, which differs from any. */
export const NOT_YET: RunTable = { answer: 'runs', run_ids: [], columns: [], total: -1, metrics: [] };

let pages = 0;

/** A page of which nothing is known yet. */
export function makePage(source: Source, chosen: ViewState): Page {
  const [table, state] = [new Observable(NOT_YET), new Observable(chosen)];
  const id = `trackside-side-${++pages}`;
  const [comparability, marks] = [new Observable<Comparability | null>(null), new Marks(source, table, state)];
  return { id, source, selection: new Selection(), table, comparability, state, marks };
}
