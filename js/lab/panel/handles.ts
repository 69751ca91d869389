const SHORTEST = 5;

/** The fewest letters at the end of each run's id, at least five, that tell it from `others`: how `%track` names runs. */
export function shortHandles(runs: readonly string[], others: readonly string[]): string[] {
  const all = new Set([...runs, ...others]);
  let letters = SHORTEST;
  for (const end of runs) {
    const isUnique = (): boolean => [...all].filter((other) => other.endsWith(end.slice(-letters))).length === 1;
    while (letters < end.length && !isUnique()) {
      letters++;
    }
  }
  return runs.map((run) => run.slice(-letters));
}
