const PAGE_OF_ROWS = 10;

/** The place among `count` rows that a key leads to from another, -1 being before all; null for any other key. */
export function rowAfter(key: string, from: number, count: number): number | null {
  const steps: Record<string, number> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + PAGE_OF_ROWS,
    PageUp: from - PAGE_OF_ROWS,
    Home: 0,
    End: count - 1,
  };
  const to = steps[key];
  return to === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, to));
}
