import { mainColumn } from '../axes/columns';
import { included } from '../included';
import { resultMetrics } from '../system-metrics';
import type { Page } from '../view';
import type { ImportanceQuestion, RunTable } from '../wire';

/** The metrics whose params can be rated, by name: the main one first. */
export function ratedMetrics(table: RunTable): string[] {
  const main = mainColumn(table);
  const others = resultMetrics(table.columns).filter((column) => column !== main);
  return [...(main?.group === 'metric' ? [main] : []), ...others].map(({ key }) => key.slice('metric:'.length));
}

/** What the panel asks: of the chosen metric, else the main one, and of the runs that pass. Null without a metric. */
export function importanceQuestion({ table, state, selection, source }: Page): ImportanceQuestion | null {
  const metrics = ratedMetrics(table.value);
  const chosen = state.value.importance_of;
  const metric = chosen != null && metrics.includes(chosen) ? chosen : metrics[0];
  if (metric === undefined) {
    return null;
  }
  const isFiltered = source.live && selection.filters.value.size > 0;
  const run_ids = isFiltered ? table.value.run_ids.filter((run) => selection.passes(run)) : null;
  return { ask: 'importance', metric, run_ids, ...included(state.value) };
}
