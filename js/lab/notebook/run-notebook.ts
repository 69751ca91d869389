import type { TranslationBundle } from '@jupyterlab/translation';
import type { RestoredFiles, RunPage } from '../../core/wire';
import { pastPath, type RunInStore } from '../server/past-path';

/** What leads from a run to its notebook. */
export interface Ways {
  readonly trans: TranslationBundle;
  pageOf(run: RunInStore): Promise<RunPage>;
  /** Whether Jupyter's contents have a file. */
  exists(path: string): Promise<boolean>;
  /** Opens a notebook. */
  open(path: string): void;
  /** Opens a notebook and shows one of its cells; false where it has no such cell. */
  openCell(path: string, cellId: string): Promise<boolean>;
  /** Shows a cell in an open notebook of whatever name; false where none has it. */
  showOpenCell(cellId: string): boolean;
  /** Asks whether something is to be done, and with a choice whether that counts, too; null where nothing is to be done. */
  confirm(words: string, choice: string | null): Promise<{ isChosen: boolean } | null>;
  restore(run: RunInStore, whole: boolean): Promise<RestoredFiles>;
  /** Tells the user something, in one line, and offers to do something about it. */
  say(kind: 'success' | 'warning', words: string, offer?: { label: string; accept: () => Promise<void> }): void;
}

/** Opens the notebook that made a run at its cell; says what of it is missing, and offers the notebook as it was. */
export async function goToCell(run: RunInStore, ways: Ways): Promise<void> {
  const { trans } = ways;
  const page = await ways.pageOf(run);
  const { notebook, cell_id, has_notebook } = page;
  const sayMissing = (words: string): void => {
    const offer = { label: trans.__('Open it as it was'), accept: () => openPast(run, page, ways) };
    ways.say('warning', words, has_notebook ? offer : undefined);
  };
  if (!notebook || !cell_id) {
    sayMissing(trans.__('No cell of a notebook that Jupyter shows here made this run.'));
  } else if (!(await ways.exists(notebook))) {
    if (ways.showOpenCell(cell_id)) {
      return; // The notebook goes by another name now.
    }
    sayMissing(trans.__('Found no %1: it was renamed, moved or deleted.', notebook));
  } else if (!(await ways.openCell(notebook, cell_id))) {
    sayMissing(trans.__('The cell that made this run is no longer in %1.', notebook));
  }
}

/** Opens the notebook as it was when a run was made, to be read. */
export async function openAsItWas(run: RunInStore, ways: Ways): Promise<void> {
  await openPast(run, await ways.pageOf(run), ways);
}

/** Writes a run's cells, or its whole notebook, into a new folder, once the user has agreed, and opens what was written. */
export async function restoreRun(run: RunInStore, ways: Ways): Promise<void> {
  const { trans } = ways;
  const { notebook, has_notebook } = await ways.pageOf(run);
  const where = notebook ? trans.__('beside %1', notebook) : trans.__("in the folder of Jupyter's server");
  const words = trans.__(
    'A new folder is written %1, with the code of the run (the cells that it depends on as a notebook, or its script), its modules and its requirements. What is there already stays as it is, and nothing is run.',
    where,
  );
  const choice = has_notebook ? trans.__('The whole notebook as it stood, not only these cells') : null;
  const wish = await ways.confirm(words, choice);
  if (wish === null) {
    return;
  }
  const restored = await ways.restore(run, wish.isChosen);
  ways.open(restored.notebook);
  ways.say('success', trans.__('Restored as %1', restored.notebook));
  for (const note of restored.notes) {
    ways.say('warning', note);
  }
}

async function openPast(run: RunInStore, { has_notebook, notebook, cell_id }: RunPage, ways: Ways): Promise<void> {
  if (has_notebook) {
    await ways.openCell(pastPath(run, notebook ?? null), cell_id ?? '');
  } else {
    ways.say('warning', ways.trans.__('The notebook of this run was not kept.'));
  }
}
