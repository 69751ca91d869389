import type { Undo } from './undo';
import type {
  Answer,
  ArtifactContent,
  ArtifactList,
  ArtifactQuestion,
  ArtifactsQuestion,
  Code,
  CodeQuestion,
  Diff,
  DiffQuestion,
  FilterQuestion,
  History,
  HistoryQuestion,
  Importance,
  ImportanceQuestion,
  MarkQuestion,
  Matches,
  Question,
  RunsQuestion,
  RunTable,
  SavedViews,
  ViewsQuestion,
} from './wire';

/** The answer that belongs to a question. */
export type AnswerTo<Q extends Question> = Q extends RunsQuestion | MarkQuestion
  ? RunTable
  : Q extends FilterQuestion
    ? Matches
    : Q extends HistoryQuestion
      ? History
      : Q extends ImportanceQuestion
        ? Importance
        : Q extends ViewsQuestion
          ? SavedViews
          : Q extends CodeQuestion
            ? Code
            : Q extends DiffQuestion
              ? Diff
              : Q extends ArtifactsQuestion
                ? ArtifactList
                : Q extends ArtifactQuestion
                  ? ArtifactContent
                  : Answer;

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
