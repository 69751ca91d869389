import type { Cell } from '@jupyterlab/cells';
import type { Notebook, NotebookPanel } from '@jupyterlab/notebook';
import type { ISignal } from '@lumino/signaling';
import { Observable } from '../../core/observable';
import { followSight } from '../../core/sight';
import { type Undo, undoAll } from '../../core/undo';
import type { CellRuns } from '../../core/wire';
import { HttpSource } from '../server/http-source';
import { paced } from '../server/paced';
import type { Server } from '../server/plugin';

/** Cells that run one after the other are looked after once, when they have. */
const SETTLE_MS = 300;

/** A cell of some notebook that is, or was, run. */
export interface Execution {
  readonly notebook: Notebook;
  readonly cell: Cell;
}

export type Executions = ISignal<unknown, Execution>;

/** The runs of a notebook's cells, as far as they are known. */
export interface FollowedCells {
  readonly cells: Observable<readonly CellRuns[]>;
  readonly dispose: Undo;
}

/**
 * Keeps the runs of a notebook's cells up to date, while the notebook can be seen. Where they are kept is asked for again
 * when it comes into sight, and after each of its cells that was `executed`: that may have made a store, or named another experiment.
 */
export function followCells(
  panel: Pick<NotebookPanel, 'content' | 'context' | 'node'>,
  { api, watcher, placeOf }: Server,
  executed: Executions,
): FollowedCells {
  const cells = new Observable<readonly CellRuns[]>([]);
  const place = placeOf(panel.context);
  let isSeen = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopHearing: Undo = () => undefined;

  const asked = paced(async () => {
    const known = place.value.value;
    if (known !== null) {
      const { store, project, experiment } = known;
      const answer = await new HttpSource(api, watcher, { store, project, experiment }).ask({ ask: 'cells' });
      cells.value = answer.cells;
    }
  });
  const listen = (): void => {
    stopHearing();
    stopHearing = () => undefined;
    const known = place.value.value;
    if (isSeen && known !== null) {
      stopHearing = watcher.watch(known.store, asked.tell);
      asked.tell();
    }
  };
  const onSight = (now: boolean): void => {
    if (now !== isSeen) {
      isSeen = now;
      listen();
      if (isSeen) {
        void place.refresh();
      }
    }
  };
  const lookAgain = async (): Promise<void> => {
    await place.refresh();
    asked.now();
  };
  const onExecuted = (_: unknown, { notebook }: Execution): void => {
    if (notebook === panel.content && isSeen) {
      clearTimeout(timer);
      timer = setTimeout(() => void lookAgain(), SETTLE_MS);
    }
  };
  executed.connect(onExecuted);
  return {
    cells,
    dispose: undoAll([
      asked.dispose,
      () => clearTimeout(timer),
      () => executed.disconnect(onExecuted),
      place.value.subscribe(listen),
      followSight(panel.node, onSight),
      () => stopHearing(),
    ]),
  };
}
