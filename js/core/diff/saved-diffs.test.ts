import { expect, test } from 'vitest';
import { exampleDiff } from '../example-artifacts';
import { examplePage, exampleRecord, exampleTable } from '../example-runs';
import { FakeSource } from '../fake-source';
import { SavedSource } from '../saved-source';
import type { Diff, DiffLine, DiffSection } from '../wire';
import { savedDiffs, trimDiff } from './saved-diffs';

function longDiff(lines: number, differences: number): Diff {
  const text = {
    lines: Array.from({ length: lines }, (): DiffLine => ({ kind: 'added', pieces: [{ text: 'x'.repeat(100) }] })),
  };
  const params = Array.from({ length: differences }, (_, at) => ({ name: `p${at}`, before: '1', after: '2' }));
  const sections: DiffSection[] = [
    { name: 'params', differences: params },
    { name: 'code', differences: [{ name: 'cell', said: 'added', text }] },
  ];
  return { ...exampleDiff, sections };
}

test('a diff that fits is saved whole', () => {
  expect(trimDiff(exampleDiff, 10_000).sections.map(({ differences }) => differences?.length ?? 0)).toEqual([
    1, 1, 1, 0,
  ]);
});

test('of a long one as much is saved as fits, and the rest counted', () => {
  const trimmed = trimDiff(longDiff(100, 10), 5000);
  expect(JSON.stringify(trimmed).length).toBeLessThan(5500);
  const text = trimmed.sections[1]?.differences?.[0]?.text;
  expect((text?.lines.length ?? 0) + (text?.more ?? 0)).toBe(100);
  const [params] = trimDiff(longDiff(0, 500), 2000).sections;
  expect((params?.differences?.length ?? 0) + (params?.more ?? 0)).toBe(500);
});

test('the diff that is shown is asked for and saved', async () => {
  const source = new FakeSource({ table: exampleTable, answer: () => exampleDiff });
  const saved = await savedDiffs(examplePage(source), exampleTable, []);
  expect(source.asked).toEqual([{ ask: 'diff', before: 'b', after: 'a' }]);
  expect(saved.map(({ before, after }) => before + after)).toEqual(['ba']);
});

test('what was saved before stays where no kernel answers', async () => {
  const before = [exampleDiff];
  expect(await savedDiffs(examplePage(new FakeSource({ table: exampleTable })), exampleTable, before)).toBe(before);
  expect(await savedDiffs(examplePage(new SavedSource(exampleRecord())), exampleTable, before)).toBe(before);
});
