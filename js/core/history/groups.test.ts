import { describe, expect, it } from 'vitest';
import { exampleRules } from '../example-rules';
import { column, exampleTable } from '../example-runs';
import type { RunTable } from '../wire';
import { changedRuns } from './changed-runs';
import { drawnMetrics } from './drawn-metrics';
import { groupRuns, lineLooks } from './groups';
import { groupChoices, xChoices } from './history-controls';
import { findMetrics, toggled } from './metrics-menu';

describe('groups of runs', () => {
  it('are those with one value, in its order, what is missing last', () => {
    const groups = groupRuns(exampleTable, 'param:C') ?? [];
    expect(groups.map(({ name, runs }) => [name, [...runs]])).toEqual([
      ['C 10', ['a', 'd']],
      ['C missing', ['b', 'c']],
    ]);
  });

  it('are none without a column', () => {
    expect(groupRuns(exampleTable, null)).toBeNull();
    expect(groupRuns(exampleTable, 'param:gone')).toBeNull();
  });

  it.each(exampleRules.groups)('of $values are those of Python', ({ kind, values, groups }) => {
    const table: RunTable = {
      ...exampleTable,
      run_ids: values.map((_, row) => String(row)),
      columns: [column('param:p', kind, values)],
    };
    const found = groupRuns(table, 'param:p')?.map(({ name, runs }) => ({ name, rows: [...runs].map(Number) }));
    expect(found).toEqual(groups.map(({ name, rows }) => ({ name: `p ${name}`, rows })));
  });

  it('are offered by params in which some runs are alike and some are not', () => {
    const label = (chosen: string | null) => groupChoices(exampleTable, chosen).map(({ value }) => value);
    expect(label(null)).toEqual(['', 'param:C', 'param:depth']);
    expect(label('param:seed')).toContain('param:seed');
    const tagged = { ...exampleTable, columns: [column('run:tag:stage', 'text', ['dev', 'dev', null, null])] };
    expect(groupChoices(tagged, null).map(({ value }) => value)).toEqual(['', 'run:tag:stage']);
  });
});

describe('how lines look that are drawn together', () => {
  it.each(exampleRules.looks)('at the places $places is as in Python', ({ places, colours, dashes }) => {
    const run_ids = places.map((place) => `run${place}`);
    const table: RunTable = { ...exampleTable, columns: [], run_ids, ordinals: places };
    const looks = lineLooks(new Set(run_ids), table, null);
    expect(run_ids.map((run) => looks.get(run)?.colour)).toEqual(colours);
    expect(run_ids.map((run) => looks.get(run)?.dash)).toEqual(dashes);
  });

  it('leaves a run its colour and takes its dash away where it is alone', () => {
    const table: RunTable = { ...exampleTable, columns: [], run_ids: ['new', 'old'], ordinals: [8, 0] };
    const [both, alone] = [['new', 'old'], ['new']].map((ids) => lineLooks(new Set(ids), table, null).get('new'));
    expect(both?.dash).not.toEqual([]);
    expect(alone).toEqual({ ...both, dash: [] });
  });

  it('tells 32 lines apart', () => {
    const run_ids = Array.from({ length: 32 }, (_, at) => `run${at}`);
    const looks = lineLooks(new Set(run_ids), { ...exampleTable, columns: [], run_ids, ordinals: null }, null);
    expect(new Set([...looks.values()].map(({ colour, dash }) => `${colour} ${dash}`)).size).toBe(32);
  });

  it('is that of its place for a group, be others without lines', () => {
    const groups = groupRuns(exampleTable, 'param:C') ?? [];
    const [first, last] = groups.map(({ id }) => id);
    const all = lineLooks(new Set([first ?? '', last ?? '']), exampleTable, groups);
    expect(new Set([...all.values()].map(({ colour }) => colour)).size).toBe(2);
    expect(lineLooks(new Set([last ?? '']), exampleTable, groups).get(last ?? '')).toEqual(all.get(last ?? ''));
  });
});

describe('the x axes offered', () => {
  it('are step, epochs, time, then other metrics', () => {
    const table = { ...exampleTable, metrics: ['loss', 'train/epoch', 'depoch'] };
    expect(xChoices(table, 'step').map(({ label }) => label)).toEqual([
      'x: step',
      'x: train/epoch',
      'x: relative time',
      'x: wall time',
      'x: loss',
      'x: depoch',
    ]);
  });
});

describe('the metrics drawn', () => {
  const state = { panels: [] };

  it('are those chosen that there are, else the first one', () => {
    expect(drawnMetrics({ ...state, metrics: ['loss', 'gone', 'loss', 'accuracy'] }, exampleTable)).toEqual([
      'loss',
      'accuracy',
    ]);
    expect(drawnMetrics({ ...state, metrics: ['gone'] }, exampleTable)).toEqual(['accuracy']);
    expect(drawnMetrics(state, { ...exampleTable, metrics: [] })).toEqual([]);
    expect(drawnMetrics(state, { ...exampleTable, metrics: ['system/cpu'] })).toEqual([]);
    expect(drawnMetrics({ ...state, metrics: ['system/cpu'] }, { ...exampleTable, metrics: ['system/cpu'] })).toEqual([
      'system/cpu',
    ]);
  });

  it('are read from an older record too', () => {
    expect(drawnMetrics({ ...state, metric: 'loss' }, exampleTable)).toEqual(['loss']);
  });

  it('are found by words of their names', () => {
    expect(findMetrics(['train/loss', 'val/loss', 'val/acc'], 'LOSS val')).toEqual(['val/loss']);
  });

  it('are ticked and unticked, the last one stays', () => {
    expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
    expect(toggled(['b'], 'b')).toEqual(['b']);
  });
});

describe('the runs whose lines may be longer', () => {
  it('go on, are new or have new values', () => {
    const changed = (change: Partial<RunTable>) => changedRuns(exampleTable, { ...exampleTable, ...change });
    expect(changed({ starred: ['b'] })).toEqual(['a']);
    expect(changed({ run_ids: ['e', 'a', 'b', 'c', 'd'], columns: [] })).toEqual(['e']);
    const loss = column('metric:loss', 'number', [0.2, 'NaN', 0.05, '-Infinity'], 'min');
    expect(changed({ columns: [...exampleTable.columns.slice(0, 7), loss] })).toEqual(['a', 'c']);
  });
});
