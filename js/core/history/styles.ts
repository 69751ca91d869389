import type { Look } from './groups';
import type { LineStyle } from './line-painter';

/** With more lines, the bands of all of them would hide each other; the one pointed at still shows its own. */
const MOST_BANDS = 40;
/** With more lines, dashes cannot be told apart any more, and take most of the time that drawing takes. */
const MOST_DASHES = 100;

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
  const width = grouped ? 2 : count > MOST_DASHES ? 1 : count > 30 ? 1.25 : 1.6;
  return {
    colour,
    dash: count > MOST_DASHES && !pinned && !ticked ? [] : dash,
    width: pinned ? 3 : ticked ? width + 0.6 : width,
    behind: count > MOST_BANDS ? 0 : Math.min(1, 8 / count),
    alpha: !anyTicked || ticked || pinned ? 1 : 0.25,
  };
}
