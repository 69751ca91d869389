import { type DrawnData, MOST_ROWS } from '../data-behind';
import { runName } from '../runs';
import type { Column, RunTable } from '../wire';
import { describeCell } from './axis-scale';

/** What the runs in these rows have in some columns. */
export function runData(table: RunTable, rows: ArrayLike<number>, columns: readonly Column[]): DrawnData {
  const shown = Array.from(rows).sort((a, b) => a - b);
  const distinct = [...new Set(columns)];
  return {
    columns: ['run', ...distinct.map(({ name }) => name)],
    rows: shown
      .slice(0, MOST_ROWS)
      .map((row) => [runName(table.run_ids[row] ?? '', table), ...distinct.map((column) => describeCell(column, row))]),
    all: shown.length,
    unit: shown.length === 1 ? 'run' : 'runs',
  };
}
