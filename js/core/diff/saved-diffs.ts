import type { Page } from '../view';
import type { Diff, Difference, DiffSection, RunTable } from '../wire';
import { chooseSides } from './sides';

/** Characters of JSON that a notebook keeps of all diffs that are shown. */
const SAVED_CHARACTERS = 40_000;

/** The diffs that a page shows, small enough to be saved; those of `before` where they cannot be had now. */
export async function savedDiffs(page: Page, table: RunTable, before: Diff[]): Promise<Diff[]> {
  const { selection, source, state } = page;
  const sides = chooseSides(table, selection, state.value.diff, null);
  if (sides === null || !source.live) {
    return before;
  }
  try {
    const questions = sides.after.map((after) => ({ ask: 'diff', before: sides.before, after }) as const);
    const diffs = await Promise.all(questions.map((question) => source.ask(question)));
    return diffs.map((diff) => trimDiff(diff, SAVED_CHARACTERS / diffs.length));
  } catch {
    return before;
  }
}

/** A diff of at most about so many characters: what does not fit is counted. */
export function trimDiff(diff: Diff, characters: number): Diff {
  let room = characters;
  const trimSection = (section: DiffSection): DiffSection => {
    const kept: Difference[] = [];
    for (const difference of section.differences ?? []) {
      const trimmed = trimDifference(difference, room);
      if (trimmed === null) {
        break;
      }
      room -= JSON.stringify(trimmed).length;
      kept.push(trimmed);
    }
    const more = (section.more ?? 0) + (section.differences?.length ?? 0) - kept.length;
    return { ...section, differences: kept, more };
  };
  return { ...diff, sections: diff.sections.map(trimSection) };
}

function trimDifference(difference: Difference, characters: number): Difference | null {
  const { text, ...others } = difference;
  let room = characters - JSON.stringify(others).length;
  if (room <= 0) {
    return null;
  }
  if (!text) {
    return difference;
  }
  const fits = text.lines.findIndex((line) => {
    room -= JSON.stringify(line).length + 1;
    return room < 0;
  });
  const lines = fits < 0 ? text.lines : text.lines.slice(0, fits);
  return { ...others, text: { lines, more: (text.more ?? 0) + text.lines.length - lines.length } };
}
