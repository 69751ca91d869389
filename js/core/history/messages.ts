import type { History } from '../wire';
import type { LoadStatus } from './history-loader';

/** What stands in the chart's place while there is no chart. */
export interface Message {
  readonly kind: 'loading' | 'error' | 'note';
  readonly text: string;
}

/** What is known about the picture. */
export interface Situation {
  readonly metric: string;
  readonly history: History | null;
  readonly status: LoadStatus;
  /** Lines that pass the filters, and those of them that are not hidden in the legend. */
  readonly passing: number;
  readonly shown: number;
  /** Whether the axes can show any of them. */
  readonly drawable: boolean;
}

/** Why there is no chart at all and what to do. */
export const NO_HISTORY = 'no metric has a history yet: log one per step with ts.log(loss=…)';

/** Why there is nothing to see of a metric and what to do; null if there is something. */
export function historyMessage(situation: Situation): Message | null {
  const { metric, history, status, passing, shown, drawable } = situation;
  if (history === null) {
    return status.kind === 'failed' ? { kind: 'error', text: status.message } : { kind: 'loading', text: 'loading…' };
  }
  if (history.lines.length === 0) {
    return note(`none of these runs has a point of ${metric}`);
  }
  if (passing === 0) {
    return note(`no run with ${metric} passes the filters`);
  }
  if (shown === 0) {
    return note('all lines are hidden: click a name below to show it');
  }
  return drawable ? null : note('no point right of 0 to draw: turn log x off');
}

function note(text: string): Message {
  return { kind: 'note', text };
}
