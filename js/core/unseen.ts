import { type Undo, undoAll } from './undo';
import type { Page } from './view';

/** Under this name the closed eyes filter the page. */
export const UNSEEN = 'unseen';

/** How many of the table's runs are out of sight by choice. */
export function countUnseen({ state, table }: Pick<Page, 'state' | 'table'>): number {
  const unseen = new Set(state.value.unseen);
  return unseen.size === 0 ? 0 : table.value.run_ids.filter((run) => unseen.has(run)).length;
}

/** Puts runs out of sight in all panels or, where all of them are, back. */
export function toggleUnseen({ state }: Pick<Page, 'state'>, runs: readonly string[]): void {
  const unseen = new Set(state.value.unseen);
  const isAll = runs.every((run) => unseen.has(run));
  for (const run of runs) {
    isAll ? unseen.delete(run) : unseen.add(run);
  }
  state.value = { ...state.value, unseen: [...unseen] };
}

/** Lets the runs pass that the state does not name as unseen, those that are added as well. */
export function keepUnseen(page: Pick<Page, 'selection' | 'state' | 'table'>): Undo {
  const { selection, state, table } = page;
  let known: readonly [unknown, unknown] = [undefined, undefined];
  const follow = (): void => {
    if (known[0] === state.value.unseen && known[1] === table.value.run_ids) {
      return;
    }
    known = [state.value.unseen, table.value.run_ids];
    const unseen = new Set(state.value.unseen);
    const passing = table.value.run_ids.filter((run) => !unseen.has(run));
    selection.setFilter(UNSEEN, countUnseen(page) === 0 ? null : new Set(passing));
  };
  follow();
  return undoAll([state.subscribe(follow), table.subscribe(follow)]);
}
