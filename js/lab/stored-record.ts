import { runPlace } from '../core/colours';
import { runRows } from '../core/runs';
import type { AnswerTo, Source } from '../core/source';
import type { Undo } from '../core/undo';
import type { Question, RunTable, ViewRecord } from '../core/wire';

/**
 * A source of a record's runs, with what only the whole of the runs it was made of can tell: the place of each among
 * them, which gives it its colour, and how many came out like it.
 */
export class RecordSource implements Source {
  readonly live = true;
  readonly #source: Source;
  readonly #record: ViewRecord;

  constructor(source: Source, record: ViewRecord) {
    this.#source = source;
    this.#record = record;
  }

  async ask<Q extends Question>(question: Q, signal?: AbortSignal): Promise<AnswerTo<Q>> {
    const answer = await this.#source.ask(question, signal);
    return (answer.answer === 'runs' ? placed(answer, this.#record.table) : answer) as AnswerTo<Q>;
  }

  onNews(told: () => void): Undo {
    return this.#source.onNews?.(told) ?? (() => undefined);
  }
}

function placed(table: RunTable, saved: RunTable): RunTable {
  const rows = runRows(saved);
  const repeatsOf = (run: string): number => saved.repeats?.[rows.get(run) ?? -1] ?? 1;
  const isShown = new Set(table.run_ids);
  return {
    ...table,
    ordinals: table.run_ids.map((run) => runPlace(run, saved)),
    repeats: saved.repeats ? table.run_ids.map(repeatsOf) : null,
    shown_anyway: saved.shown_anyway?.filter((run) => isShown.has(run)) ?? [],
  };
}

/** A record of what is drawn from the store, with what the record before told of runs that the store was not asked for. */
export function keepWhole(drawn: ViewRecord, before: ViewRecord): ViewRecord {
  const { table } = before;
  const isSame = JSON.stringify(drawn.table.run_ids) === JSON.stringify(table.run_ids);
  if (!isSame) {
    return drawn;
  }
  const { total, ordinals, hidden, newest, saved_of } = table;
  return { ...drawn, table: { ...drawn.table, total, ordinals, hidden, newest, saved_of } as RunTable };
}
