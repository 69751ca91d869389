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
 * The newest runs of cells that missed them: they ended after the notebook was last saved (seconds since 1970), their
 * card is not there, and the cell still reads as it did then. One question is asked for all whose card is not there.
 */
export async function findMissedRuns(
  cells: readonly CellRuns[],
  opened: ReadonlyMap<string, OpenedCell>,
  savedAt: number,
  sourceOf: (runIds: readonly string[]) => Pick<Source, 'ask'>,
): Promise<MissedRun[]> {
  const cellOf = new Map<string, string>();
  for (const { cell_id, run_ids, status } of cells) {
    const [run = ''] = run_ids;
    if (status !== 'running' && opened.get(cell_id)?.carded.has(run) === false) {
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
    const ended_at = endOf(table, row);
    if (ended_at > savedAt) {
      const page = await source.ask({ ask: 'run', run_id });
      if (page.has_outputs && isSourceOf(page, opened.get(cell_id)?.source ?? '')) {
        missed.push({ cell_id, run_id, name: page.name, status: page.status, ended_at });
      }
    }
  }
  return missed;
}

/** When a run of a table ended; NaN if nobody knows. */
function endOf(table: RunTable, row: number): number {
  const [began, took] = ['started_at', 'duration'].map((key) => findColumn(table, `run:${key}`)?.values[row]);
  return Number(began ?? Number.NaN) + Number(took ?? Number.NaN);
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
