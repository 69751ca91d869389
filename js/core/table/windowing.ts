/** Every row is this high, in CSS pixels (`table.css` says the same): which rows are in sight is a division. */
export const ROW_HEIGHT = 28;

const ROWS_BEYOND = 6;

/** The rows to draw: from `first` to before `end`. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

/**
 * The rows in sight and a few beyond, so that a quick scroll does not show a gap. After a leap from `before`, as when the
 * scroll bar is dragged, all rows are others: then those beyond would take the time in which the next frame is due.
 */
export function windowOf(scrollTop: number, height: number, count: number, before: RowWindow | null): RowWindow {
  const inSight = Math.ceil((height || 15 * ROW_HEIGHT) / ROW_HEIGHT);
  const top = Math.floor(scrollTop / ROW_HEIGHT);
  const isLeap = before !== null && (top >= before.end || top + inSight <= before.first);
  const beyond = isLeap ? 1 : ROWS_BEYOND;
  const first = Math.max(0, Math.min(top - beyond, count - inSight));
  return { first, end: Math.min(count, first + inSight + 2 * beyond) };
}
