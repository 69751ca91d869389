import type { Sort } from '../../core/wire';
import { type Facets, NO_FACETS } from './facets';

/** An experiment of a store that the user chose; all of the store's runs where it is null, or `run_ids` of them. */
export interface Chosen {
  readonly store: string;
  readonly project: string | null;
  readonly experiment: string | null;
  /** Such as those of one cell. They are not kept across reloads. */
  readonly run_ids?: string[];
}

/** What the panel keeps across reloads. */
export interface PanelState {
  /** Null follows the notebook in front. */
  readonly chosen: Chosen | null;
  readonly filter: string;
  readonly facets: Facets;
  /** The key of the column that runs are grouped by; empty: none. While null, runs of several experiments are by these. */
  readonly groupBy: string | null;
  /** Null: the newest first. */
  readonly sort: Sort | null;
  /** The keys of the columns whose values rows show; null: the main metric's. */
  readonly shown: readonly string[] | null;
  /** The groups that show only their heading. */
  readonly folded: readonly string[];
}

export const FIRST_STATE: PanelState = {
  chosen: null,
  filter: '',
  facets: NO_FACETS,
  groupBy: null,
  sort: null,
  shown: null,
  folded: [],
};

/** Reads what was kept, be it by another version: what is not as expected is as at first. */
export function readPanelState(kept: unknown): PanelState {
  const of = asRecord(kept);
  const facets = asRecord(of['facets']);
  const chosen = asRecord(of['chosen']);
  const sort = asRecord(of['sort']);
  const hours = facets['hours'];
  const place = facets['place'];
  return {
    chosen:
      typeof chosen['store'] === 'string' && chosen['run_ids'] === undefined
        ? { store: chosen['store'], project: textOf(chosen['project']), experiment: textOf(chosen['experiment']) }
        : null,
    filter: textOf(of['filter']) ?? '',
    facets: {
      statuses: textsOf(facets['statuses']),
      tags: textsOf(facets['tags']),
      hours: typeof hours === 'number' && hours > 0 ? hours : null,
      starred: facets['starred'] === true,
      place: place === 'all' || place === 'archived' || place === 'dropped' ? place : 'list',
    },
    groupBy: textOf(of['groupBy']),
    sort: typeof sort['key'] === 'string' ? { key: sort['key'], descending: sort['descending'] === true } : null,
    shown: Array.isArray(of['shown']) ? textsOf(of['shown']) : null,
    folded: textsOf(of['folded']),
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
