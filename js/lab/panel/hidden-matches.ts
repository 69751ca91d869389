import { findRuns } from '../../core/filter-box';
import { Observable } from '../../core/observable';
import { countHidden } from '../../core/tidy-bar';
import type { Undo } from '../../core/undo';
import type { Page } from '../../core/view';
import type { ViewState } from '../../core/wire';
import { passFacets } from './facets';
import type { PanelState } from './panel-state';

/** How many of the runs that tidying hides pass, where none of the others does. */
export interface HiddenMatches {
  readonly count: Observable<number>;
  /** Asks for them, where that may be another number than before. */
  look(state: PanelState, shown: number): void;
  readonly dispose: Undo;
}

/** Counts them once for each search that finds nothing else. */
export function hiddenMatches(page: Page): HiddenMatches {
  const count = new Observable(0);
  let asked = '';
  let asking = new AbortController();
  const ask = async ({ filter, facets }: PanelState, signal: AbortSignal): Promise<void> => {
    const table = await page.source.ask({ ask: 'runs', include_hidden: true }, signal);
    const state = new Observable<ViewState>({ ...page.state.value, include_hidden: true });
    const found = await findRuns({ ...page, table: new Observable(table), state }, filter, signal);
    const passing = passFacets(table, facets, Date.now() / 1000);
    count.value = found.filter((run) => passing?.has(run) ?? true).length;
  };
  return {
    count,
    look: (state, shown) => {
      const { filter, facets } = state;
      const isOfInterest = shown === 0 && facets.place === 'list' && countHidden(page.table.value) > 0;
      const wanted = isOfInterest ? JSON.stringify([filter, facets, page.table.value.hidden]) : '';
      if (wanted !== asked) {
        asked = wanted;
        asking.abort();
        asking = new AbortController();
        count.value = 0;
        if (isOfInterest) {
          ask(state, asking.signal).catch(() => undefined); // The list says what is wrong.
        }
      }
    },
    dispose: () => asking.abort(),
  };
}
