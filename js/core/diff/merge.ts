import type { Diff, Difference, DiffSection } from '../wire';

/** One thing in which some runs differ from the first: what it was there, and of each run how it differs, or null. */
export interface MergedRow {
  readonly name: string;
  readonly before: string | null;
  readonly cells: readonly (Difference | null)[];
}

/** A text of one run that differs from the first run's; `run` is its place. */
export interface MergedText {
  readonly run: number;
  readonly difference: Difference;
}

/** One part of several diffs against the same run. */
export interface MergedSection {
  readonly name: DiffSection['name'];
  readonly rows: readonly MergedRow[];
  readonly texts: readonly MergedText[];
  /** In words how much is the same, where that is one number. */
  readonly same: string;
  readonly more: number;
  readonly notes: readonly string[];
}

/** Lays diffs against the same run side by side: the parts that changed first, as in the first diff. */
export function mergeDiffs(diffs: readonly Diff[]): MergedSection[] {
  const names = [...new Set(diffs.flatMap((diff) => diff.sections.map(({ name }) => name)))];
  const merged = names.map((name) => mergeSection(name, diffs));
  const isChanged = ({ rows, texts }: MergedSection): boolean => rows.length + texts.length > 0;
  return [...merged.filter(isChanged), ...merged.filter((section) => !isChanged(section))];
}

function mergeSection(name: DiffSection['name'], diffs: readonly Diff[]): MergedSection {
  const sections = diffs.map((diff) => diff.sections.find((section) => section.name === name));
  const values = sections.map((section) => section?.differences?.filter(({ text }) => !text) ?? []);
  const names = [...new Set(values.flatMap((differences) => differences.map((difference) => difference.name)))];
  const rows = names.map((row): MergedRow => {
    const cells = values.map((differences) => differences.find((difference) => difference.name === row) ?? null);
    return { name: row, before: cells.find((cell) => cell !== null)?.before ?? null, cells };
  });
  const texts = sections.flatMap((section, run) =>
    (section?.differences ?? []).filter(({ text }) => text).map((difference) => ({ run, difference })),
  );
  const same = new Set(sections.map((section) => section?.same ?? ''));
  return {
    name,
    rows,
    texts,
    same: same.size === 1 ? ([...same][0] ?? '') : '',
    more: Math.max(0, ...sections.map((section) => section?.more ?? 0)),
    notes: [...new Set(sections.flatMap((section) => section?.notes ?? []))],
  };
}
