import type { Cell } from '../numbers';
import type { Column, RunTable } from '../wire';
import { type AxisScale, makeScale } from './axis-scale';
import type { ScaledAxis } from './brushes';

export function column(key: string, values: Cell[], more: Partial<Column> = {}): Column {
  const [group = 'param', name = key] = key.split(':') as [Column['group'], string];
  const kind = values.some((value) => typeof value === 'boolean') ? 'bool' : 'number';
  return { key, name, group, kind, values, ...more };
}

export function text(key: string, values: Cell[]): Column {
  return column(key, values, { kind: 'text' });
}

export function tableOf(columns: Column[], more: Partial<RunTable> = {}): RunTable {
  const runs = (columns[0]?.values ?? []).map((_value, row) => `run${row}`);
  return { answer: 'runs', run_ids: runs, columns, total: runs.length, metrics: [], ...more };
}

export function scaled(scale: AxisScale, more: Partial<ScaledAxis['axis']> = {}): ScaledAxis {
  return { axis: { key: scale.column.key, ...more }, scale };
}

export function numbers(...values: Cell[]): AxisScale {
  return makeScale(column('param:n', values), false);
}

export function categories(...values: Cell[]): AxisScale {
  return makeScale(text('param:c', values), false);
}
