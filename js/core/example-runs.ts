import { Marks } from './marks';
import { encodeFloats } from './numbers';
import { Observable } from './observable';
import { Selection } from './selection';
import type { Source } from './source';
import type { Page } from './view';
import type { Column, History, Importance, RunTable, ViewRecord, ViewState } from './wire';

/** Four small runs for tests and demos: `a` is the newest; `d` failed before it had an accuracy. */
export const exampleTable: RunTable = {
  answer: 'runs',
  run_ids: ['a', 'b', 'c', 'd'],
  columns: [
    column('run:name', 'text', ['svm', 'forest', 'forest deep', 'crashed']),
    column('run:status', 'text', ['running', 'finished', 'finished', 'failed']),
    column('run:started_at', 'time', [1_790_000_300, 1_790_000_200, 1_790_000_100, 1_790_000_000]),
    column('param:C', 'number', [10, null, null, 10]),
    column('param:depth', 'number', [null, 4, 12, null]),
    column('param:seed', 'number', [0, 0, 0, 0]),
    column('metric:accuracy', 'number', [0.97, 0.91, 0.95, null], 'max'),
    column('metric:loss', 'number', [0.2, 'NaN', 0.1, '-Infinity'], 'min'),
    column('metric:width', 'number', [3, 2, 2, 1]),
  ],
  total: 4,
  metrics: ['accuracy', 'loss'],
  main: 'metric:accuracy',
};

/** A column from its key. */
export function column(
  key: string,
  kind: Column['kind'],
  values: Column['values'],
  goal: Column['goal'] = null,
): Column {
  const [group = 'run', name = key] = key.split(':');
  return { key, name, group: group as Column['group'], kind, values, goal };
}

/** A history in which each run has the points 0, 1, 2. */
export function exampleHistory(metric: string, runs: readonly string[]): History {
  const x = encodeFloats([0, 1, 2]);
  const y = encodeFloats([1, 0.5, 0.25]);
  const lines = runs.map((run_id) => ({
    run_id,
    x,
    low: y,
    high: y,
    mean: y,
    thinned: false,
    points: 3,
    non_finite: { x: '', kinds: [] },
  }));
  return { answer: 'history', metric, x: 'step', lines };
}

/** What two params tell of the accuracy, as if there were more runs. */
export const exampleImportance: Importance = {
  answer: 'importance',
  metric: 'accuracy',
  params: [
    { key: 'param:depth', name: 'depth', runs: 12, importance: 0.6, std: 0.1, correlation: -0.8 },
    { key: 'param:kind', name: 'kind', runs: 10, importance: 0.1, std: 0.02, correlation: null },
  ],
  runs: 12,
  needed: 10,
  explained: 0.7,
};

/** A record of the example runs. */
export function exampleRecord(state: Partial<ViewState> = {}): ViewRecord {
  return {
    version: 1,
    state: { panels: ['table'], ...state },
    table: exampleTable,
    histories: [exampleHistory('accuracy', ['a', 'b', 'c'])],
  };
}

/** A page that no element shows, for what needs no drawing. */
export function examplePage(source: Source, record = exampleRecord()): Page {
  const [table, state] = [new Observable(record.table), new Observable(record.state)];
  const comparability = new Observable(record.comparability ?? null);
  const marks = new Marks(source, table, state);
  return { id: 'page', source, selection: new Selection(), table, comparability, state, marks };
}
