import { describe, expect, test } from 'vitest';
import { exampleTable } from '../example-runs';
import { FakeSource } from '../fake-source';
import { Selection } from '../selection';
import type { RunTable } from '../wire';
import { arrange } from './arrangement';
import { describe as describeColumn } from './header';
import { Best, type RowContext } from './row-context';
import { RowDrawer } from './rows';
import { Sparklines } from './sparklines';

const table: RunTable = {
  ...exampleTable,
  repeats: [3, 1, 3, 1],
  starred: ['b'],
  baseline: 'd',
  shown_anyway: ['c'],
};

function rowOf(run: string, isMarkable = true): HTMLElement {
  return contextRows({ isMarkable }, [run])[0] ?? document.createElement('tr');
}

function contextRows(changes: Partial<RowContext>, ids: string[], open: string[] = []): HTMLElement[] {
  return new RowDrawer(contextOf(changes, ids), open).rows(ids, 0);
}

function contextOf(changes: Partial<RowContext>, ids: string[]): RowContext {
  const arrangement = changes.arrangement ?? { ids, runs: ids, groups: new Map(), column: null };
  const columns = changes.columns ?? [];
  return {
    table,
    columns,
    window: { first: 0, end: columns.length },
    arrangement,
    selection: new Selection(),
    isMarkable: true,
    baselineRow: null,
    best: new Best([0, 1, 2, 3], arrangement),
    formats: {},
    percent: false,
    causes: new Map(),
    unseen: new Set(),
    sparks: new Sparklines(new FakeSource({ table })),
    ...changes,
  };
}

describe('a row', () => {
  test('says for how many runs it stands, unless it is one of those it stands for', () => {
    const note = rowOf('a').querySelector<HTMLElement>('.trackside-repeats');
    expect(note?.textContent).toBe('×3');
    expect(note?.title).toBe('3 runs came out just like this one; the newest is shown');
    expect(rowOf('b').querySelector('.trackside-repeats')).toBeNull();
    expect(rowOf('c').querySelector('.trackside-repeats')).toBeNull();
  });

  test('of a run that is not comparable says why, and strikes its differences instead of calling them good or bad', () => {
    const columns = exampleTable.columns.filter(({ key }) => key === 'metric:accuracy');
    const context = { columns, baselineRow: 2, causes: new Map([['a', 'other data']]) };
    const [apart, other] = contextRows(context, ['a', 'b']);
    expect(apart?.querySelector('.trackside-apart')?.getAttribute('aria-label')).toBe('not comparable: other data');
    expect(apart?.querySelector<HTMLElement>('.trackside-delta')?.dataset['verdict']).toBe('incomparable');
    expect(apart?.querySelector('.trackside-delta s')?.textContent).toBe('+0.02');
    expect(other?.querySelector('.trackside-apart')).toBeNull();
    expect(other?.querySelector<HTMLElement>('.trackside-delta')?.dataset['verdict']).toBe('worse');
    const cell = apart?.querySelector<HTMLTableCellElement>('td[aria-colindex]');
    const told = cell && new RowDrawer(contextOf(context, ['a', 'b'])).describe(cell);
    expect(told).toContain('against forest deep: +0.02 (+2.11%), not comparable: other data');
  });

  test('has a star that can be pressed', () => {
    const [plain, starred] = ['a', 'b'].map((run) => rowOf(run).querySelector('button.trackside-star'));
    expect(plain?.getAttribute('aria-pressed')).toBe('false');
    expect(plain?.getAttribute('aria-label')).toBe('Star svm');
    expect(starred?.getAttribute('aria-pressed')).toBe('true');
    expect(starred?.getAttribute('aria-label')).toBe('Take the star from forest');
  });

  test('of a saved record shows its star and has nothing to press', () => {
    expect(rowOf('b', false).querySelector('button.trackside-star')).toBeNull();
    expect(rowOf('b', false).querySelector('[aria-label="starred"]')).not.toBeNull();
    expect(rowOf('a', false).querySelector('[aria-label="starred"]')).toBeNull();
  });

  test('of the baseline says so, and one that is usually hidden is muted', () => {
    expect(rowOf('d').textContent).toContain('baseline');
    expect(rowOf('a').textContent).not.toContain('baseline');
    expect(rowOf('c').hasAttribute('data-muted')).toBe(true);
    expect(rowOf('a').hasAttribute('data-muted')).toBe(false);
  });
});

describe('a row of many columns', () => {
  test('has cells for those in sight, and room for the others', () => {
    const columns = table.columns.slice(1);
    const [row] = contextRows({ columns, window: { first: 2, end: 4 } }, ['a']);
    const cells = [...(row?.querySelectorAll('td') ?? [])];
    expect(cells.map((cell) => cell.getAttribute('colspan') ?? cell.textContent)).toEqual(['2', '10', '–', '5']);
    expect(cells.map((cell) => cell.getAttribute('aria-colindex'))).toEqual([null, '4', '5', null]);
  });
});

describe("a group's row", () => {
  const state = { panels: [], group_by: 'metric:width' };
  const arrangement = arrange(table, table.run_ids, state, { pinned: 'a', counts: (run) => run !== 'd' });
  const columns = table.columns.filter(({ key }) => ['metric:accuracy', 'param:depth', 'run:status'].includes(key));
  const row = (value: number, changes: Partial<RowContext> = {}, open: string[] = []): HTMLElement => {
    const id = `group:${value}`;
    return contextRows({ arrangement, columns, ...changes }, [id], open)[0] ?? document.createElement('tr');
  };

  test('says what its runs share, how many there are, and mean ± std', () => {
    expect([...row(2).children].map((cell) => cell.textContent)).toEqual([
      '22 runs · width',
      'finished',
      '8 ± 5.7',
      '0.93 ± 0.028',
      '',
    ]);
    expect(row(1).children[3]?.textContent).toBe('–');
  });

  test('is held against the baseline by its mean', () => {
    const delta = row(2, { baselineRow: 0 }).querySelector<HTMLElement>('.trackside-delta');
    expect(delta?.textContent).toBe('−0.04');
    expect(delta?.dataset['verdict']).toBe('worse');
  });

  test('tells how many numbers there are, their mean and ends, and the difference to the baseline', () => {
    const id = 'group:2';
    const drawer = new RowDrawer(contextOf({ arrangement, columns, baselineRow: 0 }, [id]));
    const cell = drawer.rows([id], 0)[0]?.querySelector<HTMLTableCellElement>('td[aria-colindex="4"]');
    expect(cell && drawer.describe(cell)).toBe(
      'accuracy\nn 2\nmean 0.93\nstd 0.0282843\nmin 0.91\nmax 0.95\nagainst svm: −0.04 (−4.12%), worse',
    );
  });

  test('says whether it is open', () => {
    expect(row(2).getAttribute('aria-expanded')).toBe('false');
    expect(row(2, {}, ['group:2']).getAttribute('aria-expanded')).toBe('true');
  });

  test('is ticked where all its runs are, and half ticked where some are', () => {
    const selection = new Selection();
    selection.ticked.value = new Set(['b']);
    expect(row(2, { selection }).querySelector('input')?.indeterminate).toBe(true);
    selection.ticked.value = new Set(['b', 'c']);
    expect(row(2, { selection }).querySelector('input')?.checked).toBe(true);
  });
});

describe('what is told of a metric', () => {
  const loss = { key: 'metric:loss', name: 'loss', group: 'metric', kind: 'number', values: [], goal: 'min' } as const;
  const line = (...args: Parameters<typeof describeColumn>) => describeColumn(...args).split('\n')[0];
  const inferred = '(inferred from the name; ts.metric says otherwise)';

  test('is its goal, and whether somebody said so', () => {
    expect(line({ ...loss, values: [] }, table)).toBe(`metric loss: lower is better ${inferred}`);
    expect(line({ ...loss, values: [], goal_is_given: true }, table)).toBe('metric loss: lower is better');
    expect(line({ ...loss, values: [], goal: null }, table)).toBe('metric loss');
  });

  test('is whether it is the main one, and whether somebody chose it', () => {
    const main = { ...table, main: loss.key };
    expect(line({ ...loss, values: [] }, main)).toBe(`metric loss: main metric, lower is better ${inferred}`);
    expect(line({ ...loss, values: [] }, { ...main, main_is_given: true })).toBe(
      `metric loss: main metric, lower is better ${inferred}`,
    );
    expect(line({ ...loss, values: [], goal_is_given: true }, main)).toBe(
      `metric loss: lower is better, main metric ${inferred}`,
    );
  });
});
