import { isSameTable } from './follow-runs';
import { Observable } from './observable';
import { findColumn, runRows } from './runs';
import type { Source } from './source';
import type { MarkQuestion, RunTable, ViewState } from './wire';

/** Where a run may lie: in the table for good, or out of it. */
export type Shelf = 'kept' | 'archived' | 'dropped';

/** What was put somewhere last: enough to take it back. */
export interface Shelved {
  readonly shelf: Shelf;
  /** Where each of the runs lay before. */
  readonly before: ReadonlyMap<string, Shelf | null>;
}

/** Says things of runs for the user: stars them, puts them away, takes that back. */
export class Marks {
  /** Why the last one was not kept, or null. */
  readonly problem = new Observable<string | null>(null);
  readonly shelved = new Observable<Shelved | null>(null);
  readonly #source: Source;
  readonly #table: Observable<RunTable>;
  readonly #state: Observable<ViewState>;

  constructor(source: Source, table: Observable<RunTable>, state: Observable<ViewState>) {
    this.#source = source;
    this.#table = table;
    this.#state = state;
  }

  /** Whether anything can be said now: a saved record keeps nothing. */
  get possible(): boolean {
    return this.#source.live;
  }

  /** Stars a run, or takes its star away; the table shows it before it is kept. */
  async toggleStar(run: string): Promise<void> {
    const before = this.#table.value;
    const isStarred = before.starred?.includes(run) ?? false;
    const starred = before.run_ids.filter((one) => (one === run ? !isStarred : before.starred?.includes(one)));
    const hoped = { ...before, starred };
    this.#table.value = hoped;
    const isKept = await this.#mark([run], 'starred', isStarred ? null : 'yes');
    if (!isKept && this.#table.value === hoped) {
      this.#table.value = before;
    }
  }

  /** Writes a note on a run; the empty one takes it away. */
  async note(run: string, text: string): Promise<void> {
    await this.#mark([run], 'note', text || null);
  }

  /** Puts runs away, or back for good; tells whether that was kept. */
  async shelve(runs: readonly string[], shelf: Shelf): Promise<boolean> {
    const { value: table } = this.#table;
    const [rows, shelves] = [runRows(table), findColumn(table, 'run:shelf')?.values ?? []];
    const before = new Map(runs.map((run) => [run, (shelves[rows.get(run) ?? -1] as Shelf | undefined) ?? null]));
    const isKept = await this.#mark(runs, 'shelf', shelf);
    if (isKept) {
      this.shelved.value = { shelf, before };
    }
    return isKept;
  }

  /** Puts what was put away last back to where it lay. */
  async undo(): Promise<void> {
    const before = this.shelved.value?.before ?? new Map<string, Shelf | null>();
    for (const shelf of new Set(before.values())) {
      const runs = [...before].filter(([, lay]) => lay === shelf).map(([run]) => run);
      if (!(await this.#mark(runs, 'shelf', shelf))) {
        return;
      }
    }
    this.shelved.value = null;
  }

  async #mark(runs: readonly string[], mark: MarkQuestion['mark'], value: MarkQuestion['value']): Promise<boolean> {
    const { include_hidden = false } = this.#state.value;
    try {
      const table = await this.#source.ask({ ask: 'mark', run_ids: [...runs], mark, value, include_hidden });
      this.problem.value = null;
      if (!isSameTable(table, this.#table.value)) {
        this.#table.value = table;
      }
      return true;
    } catch (error) {
      this.problem.value = error instanceof Error ? error.message : String(error);
      return false;
    }
  }
}
