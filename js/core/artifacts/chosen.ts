import type { Page } from '../view';
import type { ArtifactList, ArtifactsQuestion, RunTable } from '../wire';

/** Columns are narrow enough to be read; ticking chooses others. */
const MOST_TICKED = 8;
const NEWEST = 4;
/** The newest runs that are looked through for some that have artifacts. */
const LOOKED_THROUGH = 24;

/** Whose artifacts are asked for: the pinned run's and the ticked ones', else those of the newest in sight. */
export function artifactsQuestion({ selection }: Pick<Page, 'selection'>, table: RunTable): ArtifactsQuestion {
  const { runs, isTicked } = candidates(selection, table);
  const chosen = runs.slice(0, isTicked ? MOST_TICKED : LOOKED_THROUGH);
  const pinned = selection.pinned.value;
  const first = pinned !== null && table.run_ids.includes(pinned) ? [pinned] : [];
  return { ask: 'artifacts', run_ids: [...new Set([...first, ...chosen])] };
}

/**
 * The runs that have a column, first the one that the others are held against: the pinned one, else the oldest of them, as
 * in the diff; the others as they stand in the table.
 */
export function artifactRuns(
  { selection }: Pick<Page, 'selection'>,
  { run_ids }: ArtifactsQuestion,
  list: ArtifactList,
): readonly string[] {
  const isTicked = selection.ticked.value.size > 0;
  const having = new Set(list.artifacts.map((artifact) => artifact.run_id));
  const isPinned = run_ids[0] === selection.pinned.value;
  const others = run_ids.slice(isPinned ? 1 : 0).filter((run) => isTicked || having.has(run));
  const shown = isTicked ? others : others.slice(0, isPinned ? NEWEST - 1 : NEWEST);
  return isPinned ? [...run_ids.slice(0, 1), ...shown] : [...shown.slice(-1), ...shown.slice(0, -1)];
}

/** Says how many of the runs have a column, and what chooses them; empty where all have one. */
export function describeChosen(
  { selection }: Pick<Page, 'selection'>,
  table: RunTable,
  shown: readonly string[],
): string {
  const { runs, isTicked } = candidates(selection, table);
  const count = runs.filter((run) => shown.includes(run)).length;
  if (count === runs.length) {
    return '';
  }
  return isTicked
    ? `${count} of ${runs.length} ticked runs: untick some to see the others`
    : `${count} of ${runs.length.toLocaleString('en')} runs: tick runs to choose`;
}

/** The runs of which some are shown: the ticked ones, else those in sight. */
function candidates(selection: Page['selection'], table: RunTable): { runs: string[]; isTicked: boolean } {
  const ticked = table.run_ids.filter((run) => selection.ticked.value.has(run));
  const isTicked = ticked.length > 0;
  return { runs: isTicked ? ticked : table.run_ids.filter((run) => selection.passes(run)), isTicked };
}
