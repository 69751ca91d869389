import { describe, expect, test } from 'vitest';
import { column, exampleTable } from '../example-runs';
import { cellNumber } from '../numbers';
import { findColumn } from '../runs';
import type { RunTable, ViewState } from '../wire';
import { cellText, formatMoment } from './cells';
import { countSparse, defaultColumns, moveColumn, orderedColumns, shiftColumn, visibleColumns } from './columns';
import { listed } from './columns-menu';
import { bestOf, deltaTo, describeDelta } from './comparison';
import { stretch } from './row-events';
import { nextSorts, sortRuns, sortsOf, withSorts } from './sorting';
import { ROW_HEIGHT, windowOf } from './windowing';

const { run_ids } = exampleTable;
const of = (key: string) => findColumn(exampleTable, key) ?? column(key, 'number', []);

describe('sorting', () => {
  test('puts missing and NaN last, whichever way', () => {
    const table = {
      ...exampleTable,
      columns: [column('metric:m', 'number', ['NaN', 1, null, 'Infinity'])],
    };
    expect(sortRuns(table, run_ids, [{ key: 'metric:m' }])).toEqual(['b', 'd', 'a', 'c']);
    expect(sortRuns(table, run_ids, [{ key: 'metric:m', descending: true }])).toEqual(['d', 'b', 'a', 'c']);
  });

  test('keeps the order of equal values', () => {
    expect(sortRuns(exampleTable, run_ids, [{ key: 'metric:width', descending: true }])).toEqual(['a', 'b', 'c', 'd']);
  });

  test('reads numbers within text', () => {
    const table = { ...exampleTable, columns: [column('param:p', 'text', ['layer 10', 'layer 9', 'b', 'A'])] };
    expect(sortRuns(table, run_ids, [{ key: 'param:p' }])).toEqual(['d', 'c', 'b', 'a']);
  });

  test('by a column that is gone leaves the newest first', () => {
    expect(sortRuns(exampleTable, run_ids, [{ key: 'metric:gone' }])).toEqual(run_ids);
  });

  test('by several columns lets the first count most', () => {
    const sorts = [{ key: 'metric:width' }, { key: 'metric:accuracy', descending: true }];
    expect(sortRuns(exampleTable, run_ids, sorts)).toEqual(['d', 'c', 'b', 'a']);
    expect(sortRuns(exampleTable, run_ids, [{ key: 'metric:gone' }, ...sorts])).toEqual(['d', 'c', 'b', 'a']);
  });

  test('begins with the better end, then turns, then ends', () => {
    const first = nextSorts(of('metric:accuracy'), [], false);
    expect(first).toEqual([{ key: 'metric:accuracy', descending: true }]);
    const second = nextSorts(of('metric:accuracy'), first, false);
    expect(second).toEqual([{ key: 'metric:accuracy', descending: false }]);
    expect(nextSorts(of('metric:accuracy'), second, false)).toEqual([]);
    expect(nextSorts(of('metric:loss'), [], false)[0]?.descending).toBe(false);
  });

  test('by one more column keeps the others, each in its place', () => {
    const one = nextSorts(of('metric:accuracy'), [], true);
    const two = nextSorts(of('metric:loss'), one, true);
    expect(two.map(({ key }) => key)).toEqual(['metric:accuracy', 'metric:loss']);
    expect(nextSorts(of('metric:accuracy'), two, true)[0]).toEqual({ key: 'metric:accuracy', descending: false });
    const turned = nextSorts(of('metric:accuracy'), two, true);
    expect(nextSorts(of('metric:accuracy'), turned, true)).toEqual([{ key: 'metric:loss', descending: false }]);
    expect(nextSorts(of('metric:loss'), two, false)).toEqual([{ key: 'metric:loss', descending: false }]);
  });

  test('is read from what earlier notebooks saved, and written in one way', () => {
    const earlier: ViewState = { panels: [], sort: { key: 'metric:loss' } };
    expect(sortsOf(earlier)).toEqual([{ key: 'metric:loss' }]);
    const later = withSorts(earlier, []);
    expect(sortsOf(later)).toEqual([]);
    expect(later.sort).toBeNull();
  });
});

describe('columns', () => {
  test('begin with status, the main metric and the params that differ', () => {
    expect(defaultColumns(exampleTable)).toEqual([
      'run:status',
      'metric:accuracy',
      'metric:loss',
      'metric:width',
      'param:C',
      'param:depth',
      'param:seed',
      'run:started_at',
    ]);
  });

  describe('that few runs have', () => {
    const runs = Array.from({ length: 12 }, (_, n) => `run${n}`);
    const had = (share: number) => runs.map((_, row) => (row < share ? row : null));
    const mixed: RunTable = {
      ...exampleTable,
      run_ids: runs,
      main: 'metric:acc',
      columns: [
        column('run:name', 'text', runs),
        column('run:status', 'text', runs),
        column('metric:auc', 'number', had(1)),
        column('metric:acc', 'number', had(2), 'max'),
        column('metric:loss', 'number', had(6)),
        ...Array.from({ length: 9 }, (_, n) => column(`param:p${n}`, 'number', had(n))),
        column('run:tag:stage', 'text', had(1)),
      ],
    };
    const keys = (state: Partial<ViewState> = {}, passing?: Set<string>) =>
      visibleColumns(mixed, { panels: [], ...state }, passing).map(({ key }) => key.replace(/.*:/, ''));

    test('are folded, the main metric never; the others stand by how many runs have them', () => {
      expect(keys()).toEqual(['status', 'acc', 'loss', 'p8', 'p7', 'p6', 'p5', 'p4']);
      expect(countSparse(mixed, { panels: [] })).toBe(6);
    });

    test('are shown on demand, and where the user chose them', () => {
      expect(keys({ show_sparse: true })).toHaveLength(keys().length + 6);
      expect(countSparse(mixed, { panels: [], show_sparse: true })).toBe(6);
      expect(keys({ columns: ['param:p1'] })).toEqual(['p1']);
      expect(countSparse(mixed, { panels: [], columns: ['param:p1'] })).toBe(0);
    });

    test('are other ones where a filter leaves other runs', () => {
      expect(keys({}, new Set(['run0']))).toEqual(expect.arrayContaining(['auc', 'p1', 'stage']));
    });

    test('are not counted where folding them leaves out what does not differ anyway', () => {
      const equal = {
        ...mixed,
        columns: mixed.columns.map((one) => (one.name === 'p1' ? { ...one, values: had(0) } : one)),
      };
      expect(countSparse(equal, { panels: [], only_differing: true })).toBe(4);
    });
  });

  test("end with the machine's metrics, which are shown where they are chosen", () => {
    const load = column('metric:system/cpu', 'number', [10, 20, 30]);
    const table = { ...exampleTable, columns: [load, ...exampleTable.columns] };
    expect(orderedColumns(table).at(-1)).toBe(load.key);
    expect(visibleColumns(table, { panels: [], show_sparse: true })).not.toContain(load);
    expect(visibleColumns(table, { panels: [], columns: [load.key] })).toEqual([load]);
  });

  test('in which all runs are equal can be folded, but not where there is one run only', () => {
    const keys = (state: Parameters<typeof visibleColumns>[1], table = exampleTable) =>
      visibleColumns(table, state).map(({ key }) => key);
    expect(keys({ panels: [], only_differing: true })).not.toContain('param:seed');
    const alone = { ...exampleTable, run_ids: ['a'], columns: [column('param:seed', 'number', [0])] };
    expect(keys({ panels: [], only_differing: true }, alone)).toEqual(['param:seed']);
  });

  test('that were chosen keep their order; those that are gone are left out', () => {
    const state = { panels: [], columns: ['param:seed', 'metric:gone', 'run:name', 'run:status'] };
    expect(visibleColumns(exampleTable, state).map(({ key }) => key)).toEqual(['param:seed', 'run:status']);
  });

  test('move before another or by one place, never off the ends', () => {
    expect(moveColumn(['a', 'b', 'c'], 'c', 'a')).toEqual(['c', 'a', 'b']);
    expect(moveColumn(['a', 'b', 'c'], 'a', null)).toEqual(['b', 'c', 'a']);
    expect(moveColumn(['a', 'b', 'c'], 'b', 'b')).toEqual(['a', 'b', 'c']);
    expect(shiftColumn(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b']);
    expect(shiftColumn(['a', 'b', 'c'], 'c', 1)).toEqual(['a', 'b', 'c']);
  });

  test('are listed with the chosen ones first and can be searched', () => {
    expect(listed(exampleTable.columns, ['param:seed'], '')[0]?.key).toBe('param:seed');
    expect(listed(exampleTable.columns, [], 'DEP').map(({ key }) => key)).toEqual(['param:depth']);
  });
});

describe('held against the baseline', () => {
  test('a difference is better or worse by the goal', () => {
    expect(deltaTo(of('metric:accuracy'), of('metric:accuracy').values[1], 0, false)).toEqual({
      text: '−0.06',
      verdict: 'worse',
    });
    expect(deltaTo(of('metric:loss'), of('metric:loss').values[2], 0, false)).toEqual({
      text: '−0.1',
      verdict: 'better',
    });
  });

  test('a difference is neutral where nobody knows the goal, or nothing changed', () => {
    expect(deltaTo(of('metric:width'), of('metric:width').values[1], 0, false)?.verdict).toBe('neutral');
    expect(deltaTo(of('metric:accuracy'), of('metric:accuracy').values[1], 1, false)).toEqual({
      text: '=',
      verdict: 'neutral',
    });
  });

  test('a difference can be a share of what it is held against, unless that is zero', () => {
    const error = column('metric:error', 'number', [-2, -1, 0, 4], 'min');
    expect(deltaTo(error, -1, 0, true)).toEqual({ text: '+50%', verdict: 'worse' });
    expect(deltaTo(error, 4, 2, true)?.text).toBe('+4');
    expect(describeDelta(error, -1, 0)).toBe('+1 (+50%), worse');
    expect(describeDelta(error, 4, 2)).toBe('+4, worse');
    expect(describeDelta(error, null, 0)).toBeNull();
  });

  test('what rounding leaves is no difference', () => {
    const rounded = column('metric:loss', 'number', [0.30000000000000004, 0.3, 0.3004], 'min');
    expect(deltaTo(rounded, rounded.values[1], 0, false)).toEqual({ text: '=', verdict: 'neutral' });
    expect(deltaTo(rounded, rounded.values[2], 0, false)).toEqual({ text: '+4e-4', verdict: 'worse' });
  });

  test('there is no difference to what is missing or not finite', () => {
    expect(deltaTo(of('metric:accuracy'), of('metric:accuracy').values[3], 0, false)).toBeNull();
    expect(deltaTo(of('metric:loss'), of('metric:loss').values[1], 0, false)).toBeNull();
  });

  test('the best is the best finite value', () => {
    const best = (key: string) => bestOf(of(key), of(key).values.map(cellNumber));
    expect(best('metric:accuracy')).toBe(0.97);
    expect(best('metric:loss')).toBe(0.1);
    expect(best('metric:width')).toBeNull();
    expect(bestOf(of('metric:loss'), [0.1, null])).toBeNull();
  });
});

describe('cells', () => {
  test('show few digits, non-finite numbers and what is missing', () => {
    const cells = column('metric:m', 'number', [0.123456789, 'NaN', null, 32]);
    expect([0, 1, 2, 3].map((row) => cellText(cells, row))).toEqual(['0.1235', 'NaN', '–', '32']);
    expect(cellText(column('param:p', 'text', ['NaN']), 0)).toBe('NaN');
    expect(cellText(column('run:duration', 'number', [95]), 0)).toBe('1 min 35 s');
  });

  test('show the clock today, and the day before that', () => {
    const noon = new Date(2026, 10, 22, 12, 5);
    expect(formatMoment(noon.getTime() / 1000, noon)).toBe('12:05');
    expect(formatMoment(noon.getTime() / 1000, new Date(2026, 10, 23))).toBe('Nov 22, 12:05');
    expect(formatMoment(noon.getTime() / 1000, new Date(2027, 1, 1))).toBe('Nov 22, 2026');
  });
});

describe('rows', () => {
  test('only those in sight and a few beyond are drawn', () => {
    const { first, end } = windowOf(500 * ROW_HEIGHT, 14 * ROW_HEIGHT, 1000, null);
    expect(first).toBe(494);
    expect(end).toBe(520);
    expect(windowOf(0, 14 * ROW_HEIGHT, 3, null)).toEqual({ first: 0, end: 3 });
  });

  test('after a leap, first those in sight alone', () => {
    const after = (before: number) =>
      windowOf(500 * ROW_HEIGHT, 14 * ROW_HEIGHT, 1000, { first: before, end: before + 26 });
    expect(after(100)).toEqual({ first: 499, end: 515 });
    expect(after(900)).toEqual({ first: 499, end: 515 });
    expect(after(490)).toEqual({ first: 494, end: 520 });
  });

  test('a shift-click ticks the stretch, in either direction', () => {
    expect(stretch(run_ids, 'c', 'a')).toEqual(['a', 'b', 'c']);
    expect(stretch(run_ids, 'gone', 'b')).toEqual(['b']);
  });
});
