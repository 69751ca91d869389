import { isSystemName } from '../system-metrics';
import type { RunTable, ViewState } from '../wire';

/** The metrics whose history is drawn: those chosen that there are, else the first that has one, none of the machine. */
export function drawnMetrics({ metrics, metric }: ViewState, table: RunTable): string[] {
  const chosen = metrics ?? (metric == null ? [] : [metric]);
  const found = new Set(chosen.filter((name) => table.metrics.includes(name)));
  return found.size > 0 ? [...found] : table.metrics.filter((name) => !isSystemName(name)).slice(0, 1);
}
