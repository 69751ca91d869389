import { Observable } from './observable';

/**
 * What the user has picked out, shared by all views of a page: a brush in one view filters all of them.
 * Each view that can filter keeps the set of runs it lets pass under its own name; a run is visible if all let it pass.
 */
export class Selection {
  /** By the filtering view's name, the runs it lets pass; a view that filters nothing has no entry. */
  readonly filters = new Observable<ReadonlyMap<string, ReadonlySet<string>>>(new Map());
  /** The rows ticked in the table. */
  readonly ticked = new Observable<ReadonlySet<string>>(new Set());
  /** The run under the pointer, in whichever view. */
  readonly hovered = new Observable<string | null>(null);
  /** The run the others are held against. */
  readonly pinned = new Observable<string | null>(null);

  /** Lets only `passing` pass in the view called `view`; null takes that view's filter away. */
  setFilter(view: string, passing: ReadonlySet<string> | null): void {
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

  /** What Python gets as `view.selected`: the ticked runs, or, with none ticked, those that pass while a filter is on. */
  selected(runs: readonly string[]): string[] {
    const ticked = runs.filter((run) => this.ticked.value.has(run));
    if (ticked.length > 0) {
      return ticked;
    }
    return this.filters.value.size > 0 ? runs.filter((run) => this.passes(run)) : [];
  }
}
