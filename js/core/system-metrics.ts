import type { Column } from './wire';

const SYSTEM = 'system/';

/** Whether a metric is one of the machine, by its name. */
export function isSystemName(metric: string): boolean {
  return metric.startsWith(SYSTEM);
}

/** Whether a column is a metric of the machine, such as its load: it says nothing of a run's result. */
export function isSystemMetric(column: Column): boolean {
  return column.key.startsWith(`metric:${SYSTEM}`);
}

/** The columns that are metrics of runs, not of the machine. */
export function resultMetrics(columns: readonly Column[]): Column[] {
  return columns.filter((column) => column.group === 'metric' && !isSystemMetric(column));
}
