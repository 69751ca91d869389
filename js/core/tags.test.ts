import { describe, expect, test } from 'vitest';
import { column, exampleTable } from './example-runs';
import { cellText } from './table/cells';
import { defaultColumns } from './table/columns';
import { groupableColumns } from './table/groups';
import { countTags, knownTags, MOST_OFFERED, parseTag, spellTag, tagsAt } from './tags';
import type { RunTable } from './wire';

const table: RunTable = {
  ...exampleTable,
  columns: [
    ...exampleTable.columns,
    column('run:tags', 'text', ['best, stage=final', 'stage=final', null, 'stage=dev']),
    { ...column('run:tag:best', 'text', ['', null, null, null]), name: 'best' },
    { ...column('run:tag:stage', 'text', ['final', 'final', null, 'dev']), name: 'stage' },
  ],
};

describe('a tag', () => {
  test('is a name with a value or a name alone', () => {
    expect(parseTag(' stage = final ')).toEqual({ key: 'stage', value: 'final' });
    expect(parseTag('best-so-far')).toEqual({ key: 'best-so-far', value: '' });
    expect(parseTag('query=a=b')).toEqual({ key: 'query', value: 'a=b' });
    expect(parseTag(' =final')).toBeNull();
    expect(parseTag('')).toBeNull();
  });

  test('reads as it is written', () => {
    expect(tagsAt(table, 0).map(spellTag)).toEqual(['best', 'stage=final']);
    expect(tagsAt(table, 2)).toEqual([]);
  });

  test('without a value shows its name in a column of its own', () => {
    const best = table.columns.find(({ key }) => key === 'run:tag:best') ?? column('', 'text', []);
    expect([0, 1].map((row) => cellText(best, row))).toEqual(['best', '–']);
  });
});

test('names with values are completed first, then what runs have, each once', () => {
  expect(knownTags(table)).toEqual(['stage=', 'best', 'stage=final', 'stage=dev']);
});

test('of tags that each run has another of, the names are completed and not all values', () => {
  const values = Array.from({ length: 2000 }, (_, at) => `2026-${at}`);
  const names = ['day', 'when'];
  const columns = names.map((name) => ({ ...column(`run:tag:${name}`, 'text', values), name }));
  const known = knownTags({ ...table, columns });
  expect(known.slice(0, 3)).toEqual(['day=', 'when=', 'day=2026-0']);
  expect(known).toHaveLength(names.length + MOST_OFFERED);
});

test('the tags of some runs are counted', () => {
  expect([...countTags(table, new Set(['a', 'b', 'c']))]).toEqual([
    ['best', 1],
    ['stage', 2],
  ]);
});

test('tags share a column until the user chooses, and runs can be grouped by each', () => {
  const tags = (shown: RunTable): string[] => defaultColumns(shown).filter((key) => key.startsWith('run:tag'));
  expect(tags(table)).toEqual(['run:tags']);
  const earlier = { ...table, columns: table.columns.filter(({ key }) => key !== 'run:tags') };
  expect(tags(earlier)).toEqual(['run:tag:stage']);
  expect(groupableColumns(table).map(({ key }) => key)).toEqual(
    expect.arrayContaining(['run:tag:best', 'run:tag:stage']),
  );
});
