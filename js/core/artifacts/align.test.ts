import { describe, expect, test } from 'vitest';
import { exampleEntry } from '../example-artifacts';
import { alignArtifacts, entryAt, stepsOf } from './align';

const curve = (run: string, step: number) => exampleEntry(run, 'curve', { form: 'image', kind: 'figure', step });
const entries = [
  exampleEntry('a', 'notes'),
  curve('a', 20),
  curve('a', 3),
  curve('b', 10),
  exampleEntry('b', 'model', { form: 'file', kind: 'model' }),
  exampleEntry('b', 'predictions', { form: 'table', kind: 'predictions' }),
];

describe('the artifacts of several runs', () => {
  test('are aligned by name, pictures before tables, texts and files', () => {
    const aligned = alignArtifacts(entries, ['b', 'a']);
    expect(aligned.map(({ name, kind }) => [name, kind])).toEqual([
      ['curve', 'figure'],
      ['predictions', 'predictions'],
      ['notes', 'text'],
      ['model', 'model'],
    ]);
    expect([...(aligned[0]?.byRun ?? [])].map(([run, own]) => [run, own.map(({ step }) => step)])).toEqual([
      ['b', [10]],
      ['a', [3, 20]],
    ]);
    expect(aligned[2]?.byRun.get('b')).toEqual([]);
  });

  test('share their steps', () => {
    expect(stepsOf(entries)).toEqual([3, 10, 20]);
  });

  test('are shown as they were at a step: the newest that is not later', () => {
    const own = [curve('a', 3), curve('a', 20)];
    expect([2, 3, 19, 20, 99, null].map((step) => entryAt(own, step)?.step)).toEqual([undefined, 3, 3, 20, 20, 20]);
  });

  test('are always there where they belong to no step', () => {
    expect(entryAt([exampleEntry('a', 'notes')], 0)?.name).toBe('notes');
    expect(entryAt([], 0)).toBeNull();
    expect(entryAt(undefined, null)).toBeNull();
  });

  test('of one name both with and without a step end with the one of no step', () => {
    const [group] = alignArtifacts([exampleEntry('a', 'curve'), curve('a', 3)], ['a']);
    expect(group?.byRun.get('a')?.map(({ step }) => step)).toEqual([3, undefined]);
  });
});
