import type { Undo } from './undo';
import type {
  ArtifactContent,
  ArtifactList,
  Cells,
  Code,
  Comparability,
  Comparison,
  Diff,
  Experiments,
  History,
  Importance,
  Matches,
  ModelPage,
  Question,
  RunPage,
  RunTable,
  SavedViews,
} from './wire';

/** The event by which a host that knows tells a page within that the kernel behind it is gone. */
export const KERNEL_GONE = 'trackside:kernel-gone';

/** The answers by what is asked. */
interface Answers {
  runs: RunTable;
  mark: RunTable;
  baseline: RunTable;
  filter: Matches;
  history: History;
  importance: Importance;
  views: SavedViews;
  code: Code;
  diff: Diff;
  artifacts: ArtifactList;
  artifact: ArtifactContent;
  experiments: Experiments;
  cells: Cells;
  run: RunPage;
  comparison: Comparison;
  comparability: Comparability;
  model: ModelPage;
  register: ModelPage;
  step: ModelPage;
}

/** The answer that belongs to a question. */
export type AnswerTo<Q extends Question> = Answers[Q['ask']];

/**
 * The one door to the data: a view asks named questions and does not know whether a kernel (comm), a server (HTTP),
 * a saved output or a test answers. A question that fails rejects with an `Error` whose message can be shown.
 */
export interface Source {
  /** Whether finer data than what is shown can be had, and runs be marked. A saved record says false. */
  readonly live: boolean;
  ask<Q extends Question>(question: Q, signal?: AbortSignal): Promise<AnswerTo<Q>>;
  /** Calls `told` when runs began, ended or were marked. A source that hears of nothing leaves it out. */
  onNews?(told: () => void): Undo;
}
