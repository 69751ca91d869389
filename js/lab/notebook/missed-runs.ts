import type { ICodeCellModel } from '@jupyterlab/cells';
import { findColumn } from '../../core/runs';
import type { Source } from '../../core/source';
import type { CardRecord, CellRuns, CodeText, RunPage, RunTable } from '../../core/wire';
import { CARD_MIME } from '../card-renderer';

/** A run that began while its notebook was open on another page, and ended later: what its cell put out reached no page. */
export interface MissedRun {
  readonly cell_id: string;
  readonly run_id: string;
  readonly name: string;
  readonly status: string;
  /** Seconds since 1970. */
  readonly ended_at: number;
}

/** A notebook as it was when it was opened on this page. */
export interface OpenedNotebook {
  /** Its path as the server knows it; that of a copy is another one, though its cells have the same ids. */
  readonly path: string | null;
  /** When it was last saved before, and when it was opened, in seconds since 1970. */
  readonly savedAt: number;
  readonly openedAt: number;
  /** Its code cells by their ids. */
  readonly cells: ReadonlyMap<string, OpenedCell>;
}

/** A cell as it was when its notebook was opened. */
export interface OpenedCell {
  readonly source: string;
  /** The runs whose ended cards stand in its outputs. */
  readonly carded: ReadonlySet<string>;
}

/** Reads from a cell what tells whether it missed a run. */
export function readCell({ sharedModel, outputs }: Pick<ICodeCellModel, 'sharedModel' | 'outputs'>): OpenedCell {
  const carded = new Set<string>();
  for (let at = 0; at < outputs.length; at++) {
    const card = outputs.get(at).data[CARD_MIME] as unknown as CardRecord | undefined;
    if (card !== undefined && card.status !== 'running') {
      carded.add(card.run_id);
    }
  }
  return { source: sharedModel.getSource(), carded };
}

/**
 * The newest runs of cells that missed them: they were of this notebook, began before it was opened and ended after it was
 * last saved, their card is not there, and the cell still reads as it did then. One question is asked for all whose card
 * is not there.
 */
export async function findMissedRuns(
  cells: readonly CellRuns[],
  opened: OpenedNotebook,
  sourceOf: (runIds: readonly string[]) => Pick<Source, 'ask'>,
): Promise<MissedRun[]> {
  const cellOf = new Map<string, string>();
  for (const { cell_id, run_ids, status } of cells) {
    const [run = ''] = run_ids;
    if (status !== 'running' && opened.cells.get(cell_id)?.carded.has(run) === false) {
      cellOf.set(run, cell_id);
    }
  }
  if (cellOf.size === 0) {
    return [];
  }
  const source = sourceOf([...cellOf.keys()]);
  const table = await source.ask({ ask: 'runs', include_hidden: true });
  const missed: MissedRun[] = [];
  for (const [row, run_id] of table.run_ids.entries()) {
    const cell_id = cellOf.get(run_id) ?? '';
    const { began_at, ended_at } = timesOf(table, row);
    if (began_at < opened.openedAt && ended_at > opened.savedAt) {
      const page = await source.ask({ ask: 'run', run_id });
      const isOwn = opened.path !== null && page.notebook === opened.path;
      if (isOwn && page.has_outputs && isSourceOf(page, opened.cells.get(cell_id)?.source ?? '')) {
        missed.push({ cell_id, run_id, name: page.name, status: page.status, ended_at });
      }
    }
  }
  return missed;
}

/** When a run of a table began and ended; NaN if nobody knows. */
function timesOf(table: RunTable, row: number): { began_at: number; ended_at: number } {
  const [began, took] = ['started_at', 'duration'].map((key) => findColumn(table, `run:${key}`)?.values[row]);
  const began_at = Number(began ?? Number.NaN);
  return { began_at, ended_at: began_at + Number(took ?? Number.NaN) };
}

/** Whether a run was of this source; what its page cuts off is not compared. */
function isSourceOf({ sections }: RunPage, source: string): boolean {
  const kept = sections.find(({ name }) => name === 'source')?.texts?.[0];
  return kept !== undefined && isSameText(kept, source);
}

function isSameText({ text, more = 0 }: CodeText, source: string): boolean {
  const [kept, own] = [text.split('\n'), source.trimEnd().split('\n')];
  return kept.length + more === own.length && kept.every((line, at) => isSameLine(line, own[at] ?? ''));
}

function isSameLine(kept: string, own: string): boolean {
  return kept.endsWith('…') ? own.startsWith(kept.slice(0, -1)) : kept === own;
}
