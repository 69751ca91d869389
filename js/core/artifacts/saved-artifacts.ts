import type { Page } from '../view';
import type { ArtifactList, RunTable } from '../wire';
import { artifactRuns, artifactsQuestion } from './chosen';

/** Entries that a notebook keeps: about 40 kB. */
const SAVED_ENTRIES = 150;

/** Which artifacts a page lists, few enough to be saved; those of `before` where they cannot be had now. */
export async function savedArtifacts(
  page: Page,
  table: RunTable,
  before: ArtifactList | null,
): Promise<ArtifactList | null> {
  if (!page.source.live) {
    return before;
  }
  try {
    const question = artifactsQuestion(page, table);
    const list = await page.source.ask(question);
    const shown = new Set(artifactRuns(page, question, list));
    const artifacts = list.artifacts.filter((artifact) => shown.has(artifact.run_id));
    const more = (list.more ?? 0) + Math.max(0, artifacts.length - SAVED_ENTRIES);
    return { ...list, artifacts: artifacts.slice(0, SAVED_ENTRIES), more };
  } catch {
    return before;
  }
}
