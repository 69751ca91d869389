import { stretch } from '../../core/table/row-events';

/** The chosen runs, and the one from which a stretch is chosen. */
export interface Choice {
  readonly chosen: ReadonlySet<string>;
  readonly anchor: string | null;
}

/** How a run was chosen: alone, beside the others, or with all from the anchor to it. */
export type Manner = 'alone' | 'beside' | 'stretch';

/** What is chosen after one more act, in a list of runs in `order`. */
export function choose(order: readonly string[], before: Choice, run: string, manner: Manner): Choice {
  if (manner === 'stretch' && before.anchor !== null) {
    return { chosen: new Set(stretch(order, before.anchor, run)), anchor: before.anchor };
  }
  if (manner === 'beside') {
    const chosen = new Set(before.chosen);
    if (!chosen.delete(run)) {
      chosen.add(run);
    }
    return { chosen, anchor: run };
  }
  return { chosen: new Set([run]), anchor: run };
}
