import { ImportanceLoader } from '../importance/importance-loader';
import { importanceQuestion } from '../importance/question';
import { importanceMessage } from '../importance/words';
import type { Undo } from '../undo';
import type { Page } from '../view';
import type { Axis, Importance } from '../wire';

/** The axes with what was rated in order, the most important last: next to the metrics, which stay where they are. */
export function orderedByImportance(axes: readonly Axis[], { params }: Importance): Axis[] {
  const ranks = new Map(params.map(({ key }, rank) => [key, rank]));
  const rankOf = ({ key }: Axis): number => ranks.get(key) ?? params.length;
  const isParam = ({ key }: Axis): boolean => key.startsWith('param:');
  const others = axes.filter((axis) => !isParam(axis));
  return [...axes.filter(isParam).sort((a, b) => rankOf(b) - rankOf(a)), ...others];
}

/** Asks which params are important to the main metric; says what is going on, or why there is no answer. Returns the undo. */
export function askImportance(page: Page, found: (importance: Importance) => void, say: (text: string) => void): Undo {
  const question = importanceQuestion(page);
  if (question === null) {
    say(importanceMessage(null, { importance: null, isLoading: false, problem: null }) ?? '');
    return () => undefined;
  }
  const loader = new ImportanceLoader(page.source);
  loader.loaded.subscribe((loaded) => {
    const message = importanceMessage(question.metric, loaded);
    say(message ?? '');
    if (message === null && loaded.importance !== null && !loaded.isLoading) {
      found(loaded.importance);
      say(`the params most important to ${question.metric} stand next to it`);
    }
  });
  loader.ask(question);
  return () => loader.dispose();
}
