import { isSameTable } from './follow-runs';
import { included } from './included';
import { Observable } from './observable';
import { findColumn, runName, runNames, runRows } from './runs';
import type { Source } from './source';
import { spellTag } from './tags';
import type { BaselineQuestion, MarkQuestion, RunTable, ViewState } from './wire';

/** Where a run may lie: in the table for good, or out of it. */
export type Shelf = 'kept' | 'archived' | 'dropped';

/** Stands for a mark where a baseline was chosen: it is said of an experiment, and of each run what was it before. */
const BASELINE = 'baseline';
const DECISION = 'decision';
/** The reason of a decision that is said once more, as a later one was taken back. */
const AS_BEFORE = 'as before: a later decision was taken back';

/** What was said of runs last: enough to tell it, and to take it back. */
export interface Said {
  /** "2 runs archived", "svm renamed". */
  readonly words: string;
  readonly mark: string;
  /** What was said of each of the runs before. */
  readonly before: ReadonlyMap<string, string | null>;
  /** Where the runs lay before: a decision moves them. */
  readonly shelves?: ReadonlyMap<string, string | null>;
}

const NOTHING: Said = { words: '', mark: '', before: new Map() };

/** Says things of runs for the user: stars, names and tags them, puts them away, takes that back. */
export class Marks {
  /** Why the last one was not kept, or null. */
  readonly problem = new Observable<string | null>(null);
  readonly said = new Observable<Said | null>(null);
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

  /** Stars runs, or takes their stars away. */
  async star(runs: readonly string[], isStarred: boolean): Promise<void> {
    await this.#say(runs, 'starred', isStarred ? 'yes' : null, isStarred ? 'starred' : 'lost their star');
  }

  /** Writes a note on a run; the empty one takes it away. */
  async note(run: string, text: string): Promise<void> {
    await this.#say([run], 'note', text || null, text ? 'noted' : 'lost its note');
  }

  /** Calls a run otherwise; the empty name gives it its first one back, and is refused where it has that. */
  async rename(run: string, name: string): Promise<void> {
    const before = runNames(this.#table.value)[runRows(this.#table.value).get(run) ?? -1];
    const isKept = await this.#say([run], 'name', name || null, name ? `is called ${name}` : 'has its first name back');
    const after = runNames(this.#table.value)[runRows(this.#table.value).get(run) ?? -1];
    if (isKept && name === '' && before === after) {
      this.said.value = null;
      this.problem.value = `${before} keeps its name: it has no other one to go back to. Write a name.`;
    }
  }

  /** Gives runs a tag, or takes it from them with null. */
  async tag(runs: readonly string[], key: string, value: string | null): Promise<void> {
    const words = value === null ? `lost the tag ${key}` : `tagged ${spellTag({ key, value })}`;
    await this.#say(runs, `tag:${key}`, value, words);
  }

  /** Puts runs away, or back for good; tells whether that was kept. */
  shelve(runs: readonly string[], shelf: Shelf): Promise<boolean> {
    return this.#say(runs, 'shelf', shelf, shelf);
  }

  /** Decides what becomes of a run, with a reason; tells whether that was kept. */
  async decide(run: string, decision: string, why: string): Promise<boolean> {
    const { value: table } = this.#table;
    const [before, shelf] = [saidOf(run, DECISION, table), saidOf(run, 'shelf', table)];
    const isKept = await this.#mark([run], DECISION, decision, why);
    if (isKept) {
      const words = `${runName(run, table)}: ${decision}`;
      const shelves = new Map([[run, shelf]]);
      this.said.value = { words, mark: DECISION, before: new Map([[run, before]]), shelves };
    }
    return isKept;
  }

  /** Holds the other runs of its experiment against a run, or with null against none. */
  async setBaseline(run_id: string | null): Promise<void> {
    const { value: table } = this.#table;
    const before = table.baseline ?? null;
    if (await this.#change({ ask: 'baseline', run_id, ...included(this.#state.value) })) {
      const [run, words] = run_id === null ? [before ?? '', 'is no longer the baseline'] : [run_id, 'is the baseline'];
      this.said.value = { words: `${runName(run, table)} ${words}`, mark: BASELINE, before: new Map([[run, before]]) };
    }
  }

  /** Takes back what was said last: of each run holds what was said before. */
  async undo(): Promise<void> {
    const { mark, before, shelves = new Map<string, string | null>() } = this.said.value ?? NOTHING;
    if (mark === BASELINE) {
      const [run_id = null] = before.values();
      const isKept = await this.#change({ ask: 'baseline', run_id, ...included(this.#state.value) });
      this.said.value = isKept ? null : this.said.value;
      return;
    }
    for (const value of new Set(before.values())) {
      const runs = [...before].filter(([, known]) => known === value).map(([run]) => run);
      if (!(await this.#mark(runs, mark, value, mark === DECISION && value !== null ? AS_BEFORE : null))) {
        return;
      }
    }
    for (const [run, shelf] of shelves) {
      if (saidOf(run, 'shelf', this.#table.value) !== shelf && !(await this.#mark([run], 'shelf', shelf))) {
        return;
      }
    }
    this.said.value = null;
  }

  async #say(runs: readonly string[], mark: string, value: string | null, words: string): Promise<boolean> {
    const { value: table } = this.#table;
    const before = new Map(runs.map((run) => [run, saidOf(run, mark, table)]));
    const isKept = await this.#mark(runs, mark, value);
    if (isKept) {
      const [first = ''] = runs;
      const of = runs.length === 1 ? runName(first, table) : `${runs.length} runs`;
      this.said.value = { words: `${of} ${words}`, mark, before };
    }
    return isKept;
  }

  #mark(
    runs: readonly string[],
    mark: MarkQuestion['mark'],
    value: MarkQuestion['value'],
    why: string | null = null,
  ): Promise<boolean> {
    const reason = why === null ? {} : { why };
    return this.#change({ ask: 'mark', run_ids: [...runs], mark, value, ...reason, ...included(this.#state.value) });
  }

  async #change(question: MarkQuestion | BaselineQuestion): Promise<boolean> {
    try {
      const table = await this.#source.ask(question);
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

/** What was said of a run before; null if nothing was. */
function saidOf(run: string, mark: string, table: RunTable): string | null {
  if (mark === 'starred') {
    return table.starred?.includes(run) ? 'yes' : null;
  }
  const known = mark === 'name' ? runNames(table) : findColumn(table, `run:${mark}`)?.values;
  return (known?.[runRows(table).get(run) ?? -1] as string | undefined) ?? null;
}
