import { describe, expect, test } from 'vitest';
import { column, exampleTable } from '../../core/example-runs';
import type { RunTable } from '../../core/wire';
import { formatAge } from './ages';
import { choose } from './choosing';
import { shortHandles } from './handles';
import { type ListOptions, listRows } from './list-rows';

const NOW = 1_790_000_400;
const all: ListOptions = {
  passes: () => true,
  groupBy: null,
  folded: [],
  sort: null,
  shown: null,
  firstGroup: null,
  limit: 100,
  now: NOW,
};
const rich: RunTable = {
  ...exampleTable,
  columns: [
    ...exampleTable.columns,
    column('run:duration', 'number', [null, 12, 90, 1]),
    column('run:note', 'text', [null, 'try deeper', null, null]),
    column('run:tag:stage', 'text', ['final', '', null, null]),
  ],
  baseline: 'b',
  starred: ['c'],
  broken: ['a'],
  shown_anyway: ['d'],
};

describe('the rows of the list', () => {
  test('tell of each run what it came to, and how that stands to the baseline', () => {
    const { rows, more } = listRows(rich, all);
    expect(more).toBe(0);
    expect(rows).toMatchObject([
      {
        id: 'a',
        name: 'svm',
        status: 'running',
        metric: '0.97',
        delta: { text: '+0.06', verdict: 'better' },
        age: '1 min',
        duration: '',
        tags: ['stage=final'],
        isBroken: true,
      },
      {
        id: 'b',
        metric: '0.91',
        delta: null,
        isBaseline: true,
        isBroken: false,
        duration: '12 s',
        tags: ['stage'],
        note: 'try deeper',
      },
      { id: 'c', delta: { text: '+0.04', verdict: 'better' }, duration: '1 min 30 s', isStarred: true },
      { id: 'd', status: 'failed', metric: '', delta: null, isAway: true },
    ]);
  });

  test('are those that pass, so many at once', () => {
    const { rows, more } = listRows(rich, { ...all, passes: (run) => run !== 'a', limit: 2 });
    expect(rows.map(({ id }) => id)).toEqual(['b', 'c']);
    expect(more).toBe(1);
  });

  test('stand in groups, of which the folded ones show their heading alone', () => {
    const groupBy = 'run:status';
    const { rows } = listRows(rich, { ...all, groupBy, folded: ['group:"finished"'] });
    expect(rows.map(({ kind, id }) => [kind, id])).toEqual([
      ['group', 'group:"running"'],
      ['run', 'a'],
      ['group', 'group:"finished"'],
      ['group', 'group:"failed"'],
      ['run', 'd'],
    ]);
    const { rows: others } = listRows(rich, { ...all, groupBy, firstGroup: 'failed' });
    expect(others[0]).toMatchObject({ label: 'failed' });
    expect(rows[2]).toMatchObject({ label: 'finished', count: 2, running: 0, metric: '0.93 ± 0.028', isOpen: false });
  });

  test('show the values that were chosen, the first one as the main metric is shown', () => {
    const shown = ['metric:loss', 'param:depth', 'param:gone'];
    const { rows } = listRows(rich, { ...all, shown, groupBy: 'run:status' });
    expect(rows[0]).toMatchObject({ kind: 'group', metric: '0.2' });
    expect(rows[1]).toMatchObject({ id: 'a', metric: '0.2', facts: [] });
    expect(rows[4]).toMatchObject({ metric: '0.1', facts: [{ name: 'depth', text: '12', title: 'depth: 12' }] });
    expect(listRows(rich, { ...all, shown: [] }).rows[0]).toMatchObject({ metric: '', facts: [] });
  });

  test('stand in the order that was chosen, what is missing last either way', () => {
    const sorted = (key: string, descending: boolean) =>
      listRows(rich, { ...all, sort: { key, descending } })
        .rows.map(({ id }) => id)
        .join('');
    expect(sorted('metric:accuracy', true)).toBe('acbd');
    expect(sorted('metric:accuracy', false)).toBe('bcad');
    expect(sorted('run:started_at', false)).toBe('dcba');
    expect(listRows(rich, { ...all, sort: { key: 'run:duration', descending: true }, limit: 1 })).toMatchObject({
      rows: [{ id: 'c' }],
      more: 3,
    });
  });

  test('of a table that has nothing yet are none', () => {
    const empty: RunTable = { answer: 'runs', run_ids: [], columns: [], total: 0, metrics: [] };
    expect(listRows(empty, { ...all, groupBy: 'param:C' })).toEqual({ rows: [], more: 0 });
  });
});

test.each([
  [59, 'now'],
  [60, '1 min'],
  [3 * 3600 + 59, '3 h'],
  [13 * 86_400, '13 d'],
])('what was %d seconds ago reads %s', (seconds, text) => {
  expect(formatAge(NOW - seconds, NOW)).toBe(text);
});

test('what is long ago reads as its day', () => {
  expect(formatAge(NOW - 20 * 86_400, NOW)).toMatch(/^[A-Z][a-z]{2} \d+/);
});

describe('choosing runs', () => {
  const order = ['a', 'b', 'c', 'd'];
  const none = { chosen: new Set<string>(), anchor: null };

  test('alone, beside others, and as a stretch from the one chosen before', () => {
    const one = choose(order, none, 'b', 'alone');
    expect([...one.chosen]).toEqual(['b']);
    const two = choose(order, one, 'd', 'beside');
    expect([...two.chosen]).toEqual(['b', 'd']);
    expect([...choose(order, two, 'b', 'beside').chosen]).toEqual(['d']);
    expect([...choose(order, one, 'd', 'stretch').chosen]).toEqual(['b', 'c', 'd']);
    expect([...choose(order, choose(order, one, 'd', 'stretch'), 'a', 'stretch').chosen]).toEqual(['a', 'b']);
  });

  test('a stretch with nothing chosen before is one run', () => {
    expect([...choose(order, none, 'c', 'stretch').chosen]).toEqual(['c']);
  });
});

test('a run goes by the end of its id, longer where another run ends alike', () => {
  const [one, other] = ['01934d5e-7c1a-7def-8abc-0000000789ab', '01934d5e-7c1a-7def-8abc-0000001789ab'];
  expect(shortHandles([one], [one])).toEqual(['789ab']);
  expect(shortHandles([one], [one, other])).toEqual(['0789ab']);
});
