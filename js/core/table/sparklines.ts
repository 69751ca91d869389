import { decodeFloats } from '../numbers';
import { Observable } from '../observable';
import { findColumn, runRows } from '../runs';
import type { Source } from '../source';
import { isSystemName } from '../system-metrics';
import type { Column, Line, RunTable, ViewState } from '../wire';
import { sparkPath } from './sparkline';

/** So long the rows in sight must stay before anybody is asked: nothing is asked while they rush by. */
const STAY_MS = 150;
const MOST_AT_ONCE = 60;
const PIXELS = 40;
const SPARK = 'history:';

/** Whether a column shows how a metric went. */
export function isSpark(column: Column): boolean {
  return column.key.startsWith(SPARK);
}

/** The metric whose history the rows show: the main one where it has one, and none of the machine. */
export function sparkMetric({ main, metrics }: RunTable): string | null {
  const name = main?.slice('metric:'.length);
  return name !== undefined && metrics.includes(name)
    ? name
    : (metrics.find((metric) => !isSystemName(metric)) ?? null);
}

/** Whether rows show a metric's history: as the user chose, else where it can be had and no panel of its own draws it. */
export function showsSparklines(table: RunTable, state: ViewState, isLive: boolean): boolean {
  return sparkMetric(table) !== null && (state.sparklines ?? (isLive && !state.panels.includes('history')));
}

/** The columns with one for the history before its metric's own. */
export function withSparkline(columns: readonly Column[], table: RunTable): Column[] {
  const metric = sparkMetric(table) ?? '';
  const spark: Column = { key: SPARK + metric, name: 'history', group: 'run', kind: 'text', values: [] };
  const at = Math.max(
    0,
    columns.findIndex(({ key }) => key === `metric:${metric}`),
  );
  return [...columns.slice(0, at), spark, ...columns.slice(at)];
}

/** Asks how a metric went in the runs that stay in sight, each once, and again while a run goes on. */
export class Sparklines {
  /** Why the last question got no answer, or null; told whenever there is an answer. */
  readonly answered = new Observable<{ readonly problem: string | null }>({ problem: null });
  readonly #source: Source;
  readonly #known = new Map<string, string>();
  /** Runs that went on since: their lines stay until there are longer ones. */
  readonly #stale = new Set<string>();
  #metric: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = new AbortController();

  constructor(source: Source) {
    this.#source = source;
  }

  /** The line of a run as an SVG path; null where it has none, or nobody knows yet. */
  path(run: string): string | null {
    return this.#known.get(run) || null;
  }

  /** These runs are in sight now. */
  want(runs: readonly string[], metric: string): void {
    if (metric !== this.#metric) {
      this.#known.clear();
      this.#metric = metric;
    }
    clearTimeout(this.#timer);
    const unknown = runs.filter((run) => !this.#known.has(run) || this.#stale.has(run)).slice(0, MOST_AT_ONCE);
    if (unknown.length > 0) {
      this.#timer = setTimeout(() => void this.#ask(unknown, metric), STAY_MS);
    }
  }

  /** Marks the lines of the runs that go on as to be asked for again. */
  follow(table: RunTable): void {
    const statuses = findColumn(table, 'run:status')?.values ?? [];
    for (const [run, row] of runRows(table)) {
      if (statuses[row] === 'running') {
        this.#stale.add(run);
      }
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#asking.abort();
  }

  async #ask(run_ids: string[], metric: string): Promise<void> {
    this.#asking.abort();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const question = { ask: 'history', run_ids, metric, x: 'step', pixels: PIXELS } as const;
      const { lines } = await this.#source.ask({ ...question, run_ids: [...run_ids] }, asking.signal);
      this.#keep(run_ids, lines);
      this.answered.value = { problem: null };
    } catch (error) {
      if (!asking.signal.aborted) {
        this.answered.value = { problem: error instanceof Error ? error.message : String(error) };
      }
    }
  }

  #keep(run_ids: readonly string[], lines: readonly Line[]): void {
    const paths = new Map(lines.map((line) => [line.run_id, sparkPath(decodeFloats(line.x), decodeFloats(line.mean))]));
    for (const run of run_ids) {
      this.#stale.delete(run);
      this.#known.set(run, paths.get(run) ?? '');
    }
  }
}
