import { describe, expect, it } from 'vitest';
import { column, exampleTable } from '../example-runs';
import { encodeFloats } from '../numbers';
import { Selection } from '../selection';
import type { RunTable } from '../wire';
import { chooseRuns, columnsFor } from './chosen-runs';
import { drawnLines, history, wireLine } from './line-fixtures';
import { historyMessage, type Situation } from './messages';
import { chartNotes, sharedNotes } from './notes';
import { countWithoutX } from './plan';

const FINE: Situation = {
  metric: 'loss',
  history: history(wireLine('a', [0], [1])),
  status: { kind: 'ready' },
  passing: 1,
  shown: 1,
  drawable: true,
};

describe('in place of a chart', () => {
  it.each<[string, Partial<Situation>]>([
    ['loading', { history: null, status: { kind: 'loading' } }],
    ['The store is busy', { history: null, status: { kind: 'failed', message: 'The store is busy.' } }],
    ['none of these runs', { history: history() }],
    ['passes the filters', { passing: 0, shown: 0 }],
    ['click a name', { shown: 0 }],
    ['turn log x off', { drawable: false }],
  ])('stands "%s"', (text, change) => {
    expect(historyMessage({ ...FINE, ...change })?.text).toContain(text);
  });

  it('stands nothing while there is one, even if renewing it failed', () => {
    expect(historyMessage({ ...FINE, status: { kind: 'failed', message: 'The store is busy.' } })).toBeNull();
  });
});

const NONE = { runs: 0, x: 'step' };

describe('the notes under a chart', () => {
  it('say what the picture leaves out', () => {
    const lines = drawnLines(
      wireLine('a', [0], [1], { thinned: true, non_finite: { x: encodeFloats([1, 2]), kinds: ['NaN', 'NaN'] } }),
    );
    const notes = chartNotes({
      lines,
      hidden: 1,
      isAskedAboveZero: true,
      withoutX: { runs: 3, x: 'epoch' },
      isClipped: true,
      outside: 3,
      singles: [],
      saved: { lines: 26, of: 240 },
      age: 12.3,
      status: { kind: 'ready' },
    });
    expect(notes).toEqual([
      'histories of 26 of 240 runs were saved',
      'as of 12 s ago: the store is busy',
      'y axis clipped to 2 – 98 % of the values: 3 points outside',
      '1 point at or below 0 is not on a log axis',
      '3 runs have no epoch',
      '▽ NaN × 2',
      'thinned: lines are means, bands span min to max',
    ]);
  });

  it('do not count what a clipped axis leaves out where points are thinned', () => {
    const notes = chartNotes({
      lines: [],
      hidden: 0,
      isAskedAboveZero: true,
      withoutX: NONE,
      isClipped: true,
      outside: null,
      singles: [],
      saved: null,
      age: null,
      status: { kind: 'ready' },
    });
    expect(notes).toEqual(['y axis clipped to 2 – 98 % of the values', 'log x: what is at or below 0 is left out']);
  });

  it('count the runs that have no line', () => {
    const of = (...singles: number[]) =>
      chartNotes({
        lines: [],
        hidden: 0,
        isAskedAboveZero: false,
        withoutX: NONE,
        isClipped: false,
        outside: null,
        singles,
        saved: null,
        age: null,
        status: { kind: 'ready' },
      });
    expect(of(0.97, 0.93, 0.95)).toEqual(['3 runs have one point only: 0.93 – 0.97']);
    expect(of(0.5, Number.NaN)).toEqual(['2 runs have one point only: 0.5']);
    expect(of(Number.NaN)).toEqual(['1 run has one point only: NaN']);
  });

  it('are none when all is there', () => {
    const lines = drawnLines(wireLine('a', [0], [1]));
    expect(
      chartNotes({
        lines,
        hidden: 0,
        isAskedAboveZero: false,
        withoutX: NONE,
        isClipped: false,
        outside: null,
        singles: [],
        saved: null,
        age: null,
        status: { kind: 'ready' },
      }),
    ).toEqual([]);
    expect(sharedNotes(2, 2, null)).toEqual([]);
  });

  it('say of how many runs some are drawn, and what a band is', () => {
    expect(sharedNotes(1000, 2500, 'std')).toEqual([
      '1000 of 2500 runs: tick or filter to choose',
      'mean of the group, band: ± 1 standard deviation',
    ]);
  });
});

describe('the columns asked for', () => {
  it('are as many as there are pixels, fewer of very many lines', () => {
    expect([columnsFor(850, 20), columnsFor(850, 1000), columnsFor(200, 1000), columnsFor(850, 0)]).toEqual([
      900, 200, 200, 900,
    ]);
  });
});

describe('the runs asked for', () => {
  const runs = Array.from({ length: 3000 }, (_, at) => `run${at}`);
  const table: RunTable = { answer: 'runs', run_ids: runs, columns: [], total: 3000, metrics: ['loss'] };

  it('are all of them where they are few, whatever is filtered', () => {
    const selection = new Selection();
    selection.setFilter('table', new Set());
    const few: RunTable = { ...table, run_ids: ['a', 'b'], total: 2 };
    expect(chooseRuns(few, selection)).toEqual({ runs: ['a', 'b'], wanted: 2 });
  });

  it('are bounded: the pinned, the ticked, then the newest that pass', () => {
    const selection = new Selection();
    selection.setFilter('table', new Set(runs.slice(10)));
    selection.pinned.value = 'run290';
    selection.ticked.value = new Set(['run250', 'run5']);
    const chosen = chooseRuns(table, selection, 4);
    expect(chosen).toEqual({ runs: ['run290', 'run250', 'run10', 'run11'], wanted: 2990 });
  });
});

describe('runs without the metric that is the x axis', () => {
  it('are counted where they have the metric drawn and pass', () => {
    const loss = column('metric:loss', 'number', [1, 2, 3, null]);
    const epoch = column('metric:epoch', 'number', [5, null, null, null]);
    const table = { ...exampleTable, run_ids: ['a', 'b', 'c', 'd'], columns: [loss, epoch] };
    const count = (x: string): number => countWithoutX(loss, x, table, (run) => run !== 'c');
    expect([count('metric:epoch'), count('step'), count('metric:gone')]).toEqual([1, 0, 2]);
  });
});
