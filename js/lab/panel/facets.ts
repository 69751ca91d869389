import { cellNumber } from '../../core/numbers';
import { findColumn } from '../../core/runs';
import { spellTag, tagsAt } from '../../core/tags';
import type { RunTable } from '../../core/wire';

/** Which runs by where they lie: those in the list, those put away, those in the bin; all, those that tidying hides too. */
export type Place = 'list' | 'all' | 'archived' | 'dropped';

/** What is chosen of runs beside the filter's text; nothing chosen lets all pass. */
export interface Facets {
  readonly statuses: readonly string[];
  /** As people write them, `stage=final`; any of them will do. */
  readonly tags: readonly string[];
  /** Begun no longer ago than so many hours. */
  readonly hours: number | null;
  readonly starred: boolean;
  readonly place: Place;
}

export const NO_FACETS: Facets = { statuses: [], tags: [], hours: null, starred: false, place: 'list' };
export const STATUSES = ['running', 'finished', 'failed', 'interrupted'] as const;
export const HOURS = [1, 24, 7 * 24, 30 * 24] as const;

/** How many kinds of choice are made. */
export function countFacets({ statuses, tags, hours, starred, place }: Facets): number {
  return [statuses.length > 0, tags.length > 0, hours !== null, starred, place !== 'list'].filter(Boolean).length;
}

/** The runs of a table that pass, `now` in seconds since 1970; null where all do. */
export function passFacets(table: RunTable, facets: Facets, now: number): ReadonlySet<string> | null {
  if (countFacets(facets) === 0) {
    return null;
  }
  const { statuses, tags, hours, starred, place } = facets;
  const values = (key: string): readonly unknown[] => findColumn(table, key)?.values ?? [];
  const [status, shelf, began] = ['run:status', 'run:shelf', 'run:started_at'].map(values);
  const stars = new Set(table.starred);
  const passes = (run: string, row: number): boolean =>
    (statuses.length === 0 || statuses.includes(String(status?.[row]))) &&
    (hours === null || (cellNumber(began?.[row] as number) ?? 0) >= now - hours * 3600) &&
    (!starred || stars.has(run)) &&
    (place === 'list' || place === 'all' || shelf?.[row] === place) &&
    (tags.length === 0 ||
      tagsAt(table, row).some((tag) => tags.includes(spellTag(tag)) || tags.includes(`${tag.key}=`)));
  return new Set(table.run_ids.filter(passes));
}
