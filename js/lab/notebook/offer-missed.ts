import type { CodeCell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { type Undo, undoAll } from '../../core/undo';
import type { CellRuns } from '../../core/wire';
import { HttpSource } from '../server/http-source';
import type { Server } from '../server/plugin';
import type { Execution, Executions, FollowedCells } from './follow-cells';
import { missedOffer } from './missed-offer';
import { findMissedRuns, type MissedRun, type OpenedCell, readCell } from './missed-runs';
import { putOutputs } from './put-outputs';

const OFFER = ':scope > .trackside-missed';

/**
 * Offers, below each cell whose newest run ended while the notebook was closed, to put the run's card and outputs in
 * place. Of cells `scheduled` to run since on this page nothing is offered: their outputs are those that the user left.
 */
export function offerMissedRuns(
  panel: NotebookPanel,
  { cells }: FollowedCells,
  { api, watcher, placeOf }: Server,
  scheduled: Executions,
  trans: TranslationBundle,
): Undo {
  const { content: notebook, context } = panel;
  const place = placeOf(context);
  const opened = new Map<string, OpenedCell>();
  const looked = new Set<string>();
  const openedAt = Date.now() / 1000;
  let isReady = false;
  let savedAt = Number.POSITIVE_INFINITY;

  const look = async (all: readonly CellRuns[]): Promise<void> => {
    const store = place.value.value?.store;
    if (store === undefined || !isReady) {
      return;
    }
    const ended = all.filter(({ status, run_ids: [run = ''] }) => status !== 'running' && !looked.has(run));
    const sourceOf = (run_ids: readonly string[]): HttpSource =>
      new HttpSource(api, watcher, { store, run_ids: [...run_ids] });
    // Where the server does not answer, the next news look again.
    const notebookThen = { path: place.path, savedAt, openedAt, cells: opened };
    const missed = await findMissedRuns(ended, notebookThen, sourceOf).catch(() => null);
    if (missed !== null) {
      for (const { run_ids } of ended) {
        looked.add(run_ids[0] ?? '');
      }
      for (const run of missed) {
        offer(run, store);
      }
    }
  };
  const offer = (missed: MissedRun, store: string): void => {
    const cell = notebook.widgets.find(({ model }) => model.id === missed.cell_id) as CodeCell | undefined;
    if (cell === undefined || !opened.has(missed.cell_id)) {
      return;
    }
    const show = async (): Promise<void> => {
      putOutputs(cell.model, await api.outputs(store, missed.run_id), notebook.rendermime.sanitizer);
    };
    cell.node.querySelector(OFFER)?.remove();
    cell.node.append(missedOffer(missed, openedAt, show, trans));
  };
  const onScheduled = (_: unknown, { notebook: where, cell }: Execution): void => {
    if (where === notebook) {
      opened.delete(cell.model.id);
      cell.node.querySelector(OFFER)?.remove();
    }
  };
  void context.ready.then(() => {
    savedAt = Date.parse(context.contentsModel?.last_modified ?? '') / 1000;
    for (const { model } of notebook.widgets) {
      if (model.type === 'code') {
        opened.set(model.id, readCell(model as CodeCell['model']));
      }
    }
    isReady = true;
    void look(cells.value);
  });
  scheduled.connect(onScheduled);
  return undoAll([() => scheduled.disconnect(onScheduled), cells.subscribe((all) => void look(all))]);
}
