import { describe, expect, test } from 'vitest';
import { column, exampleTable } from '../../core/example-runs';
import type { RunTable } from '../../core/wire';
import { type Facets, NO_FACETS, passFacets } from './facets';
import { FIRST_STATE, readPanelState } from './panel-state';

const NOW = 1_790_000_300 + 1800;
const table: RunTable = {
  ...exampleTable,
  columns: [
    ...exampleTable.columns,
    column('run:tag:stage', 'text', ['final', 'draft', null, '']),
    column('run:shelf', 'text', [null, 'archived', 'dropped', 'kept']),
  ],
  starred: ['b', 'd'],
};
const passing = (facets: Partial<Facets>, now = NOW) => {
  const found = passFacets(table, { ...NO_FACETS, ...facets }, now);
  return found && [...found].join('');
};

describe('what is chosen of runs', () => {
  test('nothing chosen lets all pass', () => {
    expect(passing({})).toBeNull();
  });

  test.each<[string, Partial<Facets>, string]>([
    ['any of some statuses', { statuses: ['running', 'failed'] }, 'ad'],
    ['any of some tags', { tags: ['stage=final', 'stage=draft'] }, 'ab'],
    ['a tag whatever its value', { tags: ['stage='] }, 'abd'],
    ['a tag without a value', { tags: ['stage'] }, 'd'],
    ['a star', { starred: true }, 'bd'],
    ['lying in the archive', { place: 'archived' }, 'b'],
    ['lying in the bin', { place: 'dropped' }, 'c'],
    ['lying anywhere', { place: 'all' }, 'abcd'],
    ['all of several at once', { starred: true, statuses: ['finished'] }, 'b'],
  ])('%s', (_, facets, runs) => {
    expect(passing(facets)).toBe(runs);
  });

  test('having begun lately', () => {
    expect(passing({ hours: 1 })).toBe('abcd');
    expect(passing({ hours: 1 }, 1_790_000_150 + 3600)).toBe('ab');
  });
});

describe('what the panel keeps', () => {
  test('is read as it was written', () => {
    const state = {
      chosen: { store: 's', project: null, experiment: 'e' },
      filter: 'lr < 1',
      facets: { statuses: ['failed'], tags: ['a=b'], hours: 24, starred: true, place: 'dropped' },
      groupBy: 'param:lr',
      sort: { key: 'metric:loss', descending: true },
      shown: ['metric:loss', 'param:lr'],
      folded: ['group:1'],
    };
    expect(readPanelState(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  test('follows the notebook in front where single runs were chosen', () => {
    const chosen = { store: 's', project: null, experiment: null, run_ids: ['a'] };
    expect(readPanelState({ chosen })).toEqual(FIRST_STATE);
  });

  test.each([
    undefined,
    null,
    7,
    'text',
    [],
    { chosen: 3, filter: {}, facets: { statuses: 'x', hours: -1, place: 'attic' } },
  ])('is as at first where it is %j', (kept) => {
    expect(readPanelState(kept)).toEqual(FIRST_STATE);
  });
});
