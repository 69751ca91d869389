import { type Undo, undoAll } from './undo';
import type { Page } from './view';
import type { RunTable, ViewState } from './wire';

/** The run the others are held against: the user's choice, else the baseline; null is none. */
export function pinnedRun({ pinned }: ViewState, { baseline }: RunTable): string | null {
  return (pinned ?? baseline) || null;
}

/** What the state says so that `run` is pinned: null where that is the baseline, which may become another. */
function pinnedChoice(run: string | null, { baseline }: RunTable): string | null {
  return run === (baseline ?? null) ? null : (run ?? '');
}

/** Keeps the pinned run in the page's state, and pins the baseline until the user pins another run, or none. */
export function keepPinned({ selection, state, table }: Pick<Page, 'selection' | 'state' | 'table'>): Undo {
  const follow = (): void => {
    selection.pinned.value = pinnedRun(state.value, table.value);
  };
  const keep = (run: string | null): void => {
    const pinned = pinnedChoice(run, table.value);
    if (pinned !== (state.value.pinned ?? null)) {
      state.value = { ...state.value, pinned };
    }
  };
  follow();
  return undoAll([table.subscribe(follow), selection.pinned.subscribe(keep)]);
}
