import { matchRuns } from './conditions/evaluation';
import { xTitle } from './history/axes';
import { runName } from './runs';
import { kindOfFilter, searchRuns } from './search';
import type { AnswerTo, Source } from './source';
import type {
  Answer,
  ArtifactList,
  ArtifactsQuestion,
  Comparability,
  ComparabilityQuestion,
  Diff,
  DiffQuestion,
  FilterQuestion,
  History,
  HistoryQuestion,
  Importance,
  ImportanceQuestion,
  Matches,
  Question,
  ViewRecord,
} from './wire';

/** Answers from what a notebook saved: no kernel, nothing finer than the record holds. */
export class SavedSource implements Source {
  readonly live = false;
  readonly #record: ViewRecord;

  constructor(record: ViewRecord) {
    this.#record = record;
  }

  async ask<Q extends Question>(question: Q, signal?: AbortSignal): Promise<AnswerTo<Q>> {
    signal?.throwIfAborted();
    return this.#answer(question) as AnswerTo<Q>;
  }

  #answer(question: Question): Answer {
    switch (question.ask) {
      case 'runs':
        return this.#record.table;
      case 'filter':
        return this.#filter(question);
      case 'history':
        return this.#history(question);
      case 'importance':
        return this.#importance(question);
      case 'views':
        throw new Error('Only a kernel has the saved views: run the cell again.');
      case 'code':
        throw new Error('Only a kernel can write the code of a view: run the cell again.');
      case 'diff':
        return this.#diff(question);
      case 'artifacts':
        return this.#artifacts(question);
      case 'artifact':
        throw new Error('The notebook keeps no bytes of artifacts: run the cell again to see them.');
      case 'comparability':
        return this.#comparability(question);
      case 'experiments':
      case 'cells':
      case 'run':
      case 'comparison':
      case 'model':
        throw new Error('Only a store can tell this: the notebook keeps one view of it.');
      case 'baseline':
      case 'mark':
      case 'register':
      case 'step':
        throw new Error('Only a kernel can keep what is said of runs: run the cell again.');
    }
  }

  #filter({ expression }: FilterQuestion): Matches {
    const { state, passing, table } = this.#record;
    if (passing && expression === state.filter) {
      return { answer: 'filter', run_ids: passing };
    }
    const isWords = kindOfFilter(expression, table) === 'words';
    return { answer: 'filter', run_ids: isWords ? searchRuns(table, expression) : matchRuns(table, expression) };
  }

  #history({ metric, x, run_ids }: HistoryQuestion): History {
    const saved = this.#record.histories.filter((history) => history.metric === metric && history.x === x);
    const whole = saved.find((history) => !history.range) ?? saved[0];
    if (!whole) {
      throw new Error(`The notebook did not save "${metric}" by ${xTitle(x)}: ${this.#whatToDo(metric)}.`);
    }
    const wanted = new Set(run_ids);
    return { ...whole, lines: whole.lines.filter((line) => wanted.has(line.run_id)) };
  }

  #importance({ metric }: ImportanceQuestion): Importance {
    const saved = this.#record.importances?.find((importance) => importance.metric === metric);
    if (!saved) {
      throw new Error(`The notebook did not save which params are important to "${metric}": run the cell again.`);
    }
    return saved;
  }

  #diff({ before, after }: DiffQuestion): Diff {
    const saved = this.#record.diffs ?? [];
    const found = saved.find((diff) => diff.before === before && diff.after === after);
    if (!found) {
      const { table } = this.#record;
      const others = saved.map((diff) => `"${runName(diff.before, table)}" and "${runName(diff.after, table)}"`);
      const instead = others.length > 0 ? `, or choose ${others.join(' or ')}` : '';
      throw new Error(`The notebook did not save in what these runs differ: run the cell again${instead}.`);
    }
    return found;
  }

  #comparability({ metric, against }: ComparabilityQuestion): Comparability {
    const saved = this.#record.comparability;
    if (!saved || saved.metric !== metric || (against && saved.reference !== against)) {
      throw new Error('The notebook did not save which runs are comparable by this metric: run the cell again.');
    }
    return saved;
  }

  #artifacts({ run_ids }: ArtifactsQuestion): ArtifactList {
    const saved = this.#record.artifacts;
    if (!saved) {
      throw new Error('The notebook did not save which artifacts these runs have: run the cell again.');
    }
    const wanted = new Set(run_ids);
    return { ...saved, artifacts: saved.artifacts.filter((artifact) => wanted.has(artifact.run_id)) };
  }

  #whatToDo(metric: string): string {
    const { histories } = this.#record;
    const axis = histories.find((history) => history.metric === metric)?.x;
    const others = histories.map((history) => `"${history.metric}" by ${xTitle(history.x)}`);
    const instead = axis === undefined ? others.join(' or ') || 'the table' : `x: ${xTitle(axis)}`;
    return `run the cell again to draw it, or choose ${instead}`;
  }
}
