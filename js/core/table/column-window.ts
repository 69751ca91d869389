/** Assumed while nobody knows how wide the table is, in CSS pixels. */
const UNKNOWN_WIDTH = 1200;
const COLUMNS_BEYOND = 4;

/** The columns to draw: from `first` to before `end`. */
export interface ColumnWindow {
  readonly first: number;
  readonly end: number;
}

/**
 * The columns in sight and a few beyond. `before` is kept while it still has all in sight: making cells anew costs more
 * than scrolling them.
 */
export function columnWindow(
  widths: readonly number[],
  scrollLeft: number,
  width: number,
  before: ColumnWindow | null,
): ColumnWindow {
  const right = scrollLeft + (width > 0 ? width : UNKNOWN_WIDTH);
  let [first, end, edge] = [0, widths.length, 0];
  for (const [at, columnWidth] of widths.entries()) {
    first = edge + columnWidth <= scrollLeft ? at + 1 : first;
    if (edge >= right) {
      end = at;
      break;
    }
    edge += columnWidth;
  }
  if (before !== null && before.first <= first && before.end >= end && before.end <= widths.length) {
    return before;
  }
  return { first: Math.max(0, first - COLUMNS_BEYOND), end: Math.min(widths.length, end + COLUMNS_BEYOND) };
}
