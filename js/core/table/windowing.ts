/** Every row is this high, in CSS pixels (`table.css` says the same): which rows are in sight is a division. */
export const ROW_HEIGHT = 28;

const ROWS_BEYOND = 6;

/** The rows to draw: from `first` to before `end`. */
export interface RowWindow {
  readonly first: number;
  readonly end: number;
}

/** The rows in sight and a few beyond, so that a quick scroll does not show a gap. */
export function windowOf(scrollTop: number, height: number, count: number): RowWindow {
  const inSight = Math.ceil((height || 15 * ROW_HEIGHT) / ROW_HEIGHT);
  const first = Math.max(0, Math.min(Math.floor(scrollTop / ROW_HEIGHT) - ROWS_BEYOND, count - inSight));
  return { first, end: Math.min(count, first + inSight + 2 * ROWS_BEYOND) };
}
