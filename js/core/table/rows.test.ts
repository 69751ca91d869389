import { describe, expect, test } from 'vitest';
import { exampleTable } from '../example-runs';
import { Selection } from '../selection';
import type { RunTable } from '../wire';
import { describe as describeColumn } from './header';
import { RowDrawer } from './rows';

const table: RunTable = {
  ...exampleTable,
  repeats: [3, 1, 3, 1],
  starred: ['b'],
  baseline: 'd',
  shown_anyway: ['c'],
};

function rowOf(run: string, isMarkable = true): HTMLElement {
  const context = { table, columns: [], selection: new Selection(), isMarkable, baselineRow: null, best: new Map() };
  return new RowDrawer(context).row(run, 1);
}

describe('a row', () => {
  test('says for how many runs it stands, unless it is one of those it stands for', () => {
    const note = rowOf('a').querySelector<HTMLElement>('.trackside-repeats');
    expect(note?.textContent).toBe('×3');
    expect(note?.title).toBe('3 runs came out just like this one; the newest is shown');
    expect(rowOf('b').querySelector('.trackside-repeats')).toBeNull();
    expect(rowOf('c').querySelector('.trackside-repeats')).toBeNull();
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
