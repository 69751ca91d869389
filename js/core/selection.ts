import { Observable } from './observable';
import { isSameRows } from './rows';
import { runRows } from './runs';
import type { RunTable } from './wire';

/** Runs that a view lets pass. */
export interface Passing {
  has(run: string): boolean;
}

/** The runs of a table whose row in `mask` is 1: cheap enough to be told anew in every frame. */
export class MaskedRuns implements Passing {
  readonly table: RunTable;
  readonly mask: Uint8Array;

  constructor(table: RunTable, mask: Uint8Array) {
    this.table = table;
    this.mask = mask;
  }

  has(run: string): boolean {
    return this.mask[runRows(this.table).get(run) ?? -1] === 1;
  }

  /** Whether another filter says just the same; null filters nothing. */
  isSame(other: Passing | null | undefined): boolean {
    const isMasked = other instanceof MaskedRuns;
    return isMasked && this.table.run_ids === other.table.run_ids && isSameRows(this.mask, other.mask);
  }
}

/**
 * What the user has picked out, shared by all views of a page: a brush in one view filters all of them.
 * Each view that can filter keeps the set of runs it lets pass under its own name; a run is visible if all let it pass.
 */
export class Selection {
  /** By the filtering view's name, the runs it lets pass; a view that filters nothing has no entry. */
  readonly filters = new Observable<ReadonlyMap<string, Passing>>(new Map());
  /** The rows ticked in the table. */
  readonly ticked = new Observable<ReadonlySet<string>>(new Set());
  /** The run under the pointer, in whichever view. */
  readonly hovered = new Observable<string | null>(null);
  /** The run the others are held against. */
  readonly pinned = new Observable<string | null>(null);

  /** Lets only `passing` pass in the view called `view`; null takes that view's filter away. What is so already is not told. */
  setFilter(view: string, passing: Passing | null): void {
    if (passing instanceof MaskedRuns && passing.isSame(this.filters.value.get(view))) {
      return;
    }
    const next = new Map(this.filters.value);
    if (passing === null) {
      if (!next.delete(view)) {
        return;
      }
    } else {
      next.set(view, passing);
    }
    this.filters.value = next;
  }

  /** Whether every filter lets this run pass; `except` leaves one view's own filter out of account. */
  passes(run: string, except?: string): boolean {
    for (const [view, passing] of this.filters.value) {
      if (view !== except && !passing.has(run)) {
        return false;
      }
    }
    return true;
  }

  /** For each row of the table 1 if its run passes, else 0; as `passes`, for all at once. */
  passingRows(table: RunTable, except?: string): Uint8Array {
    const all = new Uint8Array(table.run_ids.length).fill(1);
    for (const [view, passing] of this.filters.value) {
      if (view === except) {
        continue;
      }
      const mask = passing instanceof MaskedRuns && passing.table.run_ids === table.run_ids ? passing.mask : null;
      for (let row = 0; row < all.length; row++) {
        if (mask === null ? !passing.has(table.run_ids[row] ?? '') : mask[row] === 0) {
          all[row] = 0;
        }
      }
    }
    return all;
  }

  /** What Python gets as `view.selected`: the ticked runs, or, with none ticked, those that all filters let pass. */
  selected(runs: readonly string[]): string[] {
    const ticked = runs.filter((run) => this.ticked.value.has(run));
    return ticked.length > 0 ? ticked : runs.filter((run) => this.passes(run));
  }
}
