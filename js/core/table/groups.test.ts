import { describe, expect, test } from 'vitest';
import { column, exampleTable } from '../example-runs';
import { findColumn } from '../runs';
import type { RunTable, ViewState } from '../wire';
import { arrange } from './arrangement';
import { groupText } from './group-row';
import { commonValue, groupableColumns, groupCell, groupRuns, summarise } from './groups';

const { run_ids } = exampleTable;
const all = (): boolean => true;
const of = (key: string) => findColumn(exampleTable, key) ?? column(key, 'number', []);
const arranged = (state: Partial<ViewState>, pinned: string | null = null) =>
  arrange(exampleTable, run_ids, { panels: [], ...state }, { pinned, counts: all });

describe('groups', () => {
  const [ten, missing] = groupRuns(exampleTable, run_ids, of('param:C'), all);

  test('hold the runs of one value, those without it as well', () => {
    expect(ten).toMatchObject({ value: 10, runs: ['a', 'd'], rows: [0, 3] });
    expect(missing).toMatchObject({ value: null, runs: ['b', 'c'] });
  });

  test('tell a number from the text that reads like it', () => {
    const mixed = column('param:p', 'text', ['10', '10', 'true', null]);
    const ids = groupRuns(exampleTable, run_ids, mixed, all).map(({ id }) => id);
    expect(ids).toEqual(['group:"10"', 'group:"true"', 'group:null']);
  });

  test('have the mean, the sample std and the ends of their finite numbers', () => {
    const numbers = column('metric:m', 'number', [1, 3, 'NaN', null]);
    const [group] = groupRuns(exampleTable, run_ids, of('param:seed'), all);
    const summary = group && summarise(numbers, group);
    expect(summary).toEqual({ n: 2, mean: 2, std: Math.SQRT2, min: 1, max: 3, nonFinite: 1 });
    expect(missing && summarise(of('param:C'), missing)).toBeNull();
  });

  test('whose param is a word in place of a number read as that word', () => {
    const depths = column('param:max_depth', 'number', ['None', 3, 10, 'None']);
    const [none] = groupRuns(exampleTable, run_ids, depths, all);
    expect(none && groupText(depths, none)).toBe('None');
    expect(none && groupCell(depths, none)).toBe('None');
  });

  test('of equal numbers have no spread, however these are rounded', () => {
    const [group] = groupRuns(exampleTable, run_ids, of('param:seed'), all);
    const same = column('metric:m', 'number', [0.1, 0.1, 0.1, null]);
    expect(group && summarise(same, group)).toMatchObject({ mean: 0.1, std: 0 });
  });

  test('share a text, or have several', () => {
    expect(missing && commonValue(of('run:status'), missing)).toEqual({ value: 'finished' });
    expect(ten && commonValue(of('run:status'), ten)).toEqual({ distinct: 2 });
    expect(ten && groupText(of('run:status'), ten)).toBe('1 running, 1 failed');
    expect(missing && groupText(of('metric:width'), missing)).toBe('2');
  });

  test('can be made by what repeats among the params, tags and words of a run', () => {
    const tag = column('run:tag:stage', 'text', ['dev', 'dev', 'test', null]);
    const table: RunTable = { ...exampleTable, columns: [...exampleTable.columns, tag] };
    expect(groupableColumns(table).map(({ key }) => key)).toEqual([
      'run:status',
      'param:C',
      'param:depth',
      'run:tag:stage',
    ]);
  });
});

describe('rows in groups', () => {
  test('are folded until a group is opened', () => {
    expect(arranged({ group_by: 'param:C' }).ids).toEqual(['group:10', 'group:null']);
    expect(arranged({ group_by: 'param:C', open_groups: ['group:null'] }).ids).toEqual([
      'group:10',
      'group:null',
      'b',
      'c',
    ]);
  });

  test('are sorted by the mean of their group, then within it', () => {
    const sorts = [{ key: 'metric:width', descending: false }];
    const { ids } = arranged({ group_by: 'param:C', sorts, open_groups: ['group:10'] });
    expect(ids).toEqual(['group:10', 'd', 'a', 'group:null']);
    const turned = arranged({ group_by: 'param:C', sorts: [{ key: 'metric:accuracy' }] });
    expect(turned.ids).toEqual(['group:null', 'group:10']);
  });

  test('count the pinned run in its group, and list it nowhere else', () => {
    const { ids, groups } = arranged({ group_by: 'param:C', open_groups: ['group:10'] }, 'a');
    expect(ids).toEqual(['group:10', 'd', 'group:null']);
    expect(groups.get('group:10')?.runs).toEqual(['a', 'd']);
  });

  test('of a group that is out of sight stay in their place', () => {
    const state: ViewState = { panels: [], group_by: 'param:C', sorts: [{ key: 'metric:accuracy' }] };
    const counts = (run: string): boolean => run === 'a' || run === 'd';
    expect(arrange(exampleTable, run_ids, state, { pinned: null, counts }).ids).toEqual(['group:null', 'group:10']);
  });

  test('by a column that is gone are not grouped', () => {
    expect(arranged({ group_by: 'param:gone' }, 'a').ids).toEqual(['b', 'c', 'd']);
  });
});
