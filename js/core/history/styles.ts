import { RUN_COLOURS, RUN_DASHES } from '../colours';
import type { Look } from './groups';
import type { LineStyle } from './line-painter';

/** With more lines, the bands of all of them would hide each other; the one pointed at still shows its own. */
const MOST_BANDS = 40;
/** With more lines, colours with dashes repeat; and dashes take nine tenths of the time that drawing takes. */
const MOST_DASHES = RUN_COLOURS.length * RUN_DASHES.length;

/** Of more lines than these each is fainter: where most of them lie is then seen. */
const MOST_OPAQUE = 100;

/** What is said of a line that is drawn among others. */
export interface Standing {
  readonly grouped: boolean;
  readonly pinned: boolean;
  readonly ticked: boolean;
  /** Whether any is ticked: then the others step back. */
  readonly anyTicked: boolean;
}

/** How a line is drawn among `count` lines. */
export function lineStyle({ colour, dash }: Look, count: number, standing: Standing): LineStyle {
  const { grouped, pinned, ticked, anyTicked } = standing;
  const width = grouped ? 2 : count > MOST_DASHES ? 1 : 1.6;
  return {
    colour,
    dash: count > MOST_DASHES && !pinned && !ticked ? [] : dash,
    ownDash: dash,
    width: pinned ? 3 : ticked ? width + 0.6 : width,
    behind: pinned ? 1 : count > MOST_BANDS ? 0 : Math.min(1, 8 / count),
    alpha: ticked || pinned ? 1 : anyTicked ? 0.25 : Math.min(1, Math.sqrt(MOST_OPAQUE / count)),
  };
}
