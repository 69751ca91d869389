import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { problemOf } from '../../core/asker';
import { HttpSource } from '../server/http-source';
import type { RunInStore } from '../server/past-path';
import type { Server } from '../server/plugin';
import type { Opener } from './opener';
import { goToCell, openAsItWas, restoreRun, type Ways } from './run-notebook';

const SHOWN_MS = 12_000;

/** Adds the commands that lead from a run to its notebook. Each takes `{store, run_id}`. */
export function addRunCommands(
  { commands, serviceManager: { contents } }: JupyterFrontEnd,
  { api, watcher }: Server,
  opener: Opener,
  trans: TranslationBundle,
): void {
  const ways: Ways = {
    trans,
    pageOf: ({ store, run_id }) =>
      new HttpSource(api, watcher, { store, run_ids: [run_id] }).ask({ ask: 'run', run_id }),
    exists: async (path) => {
      try {
        await contents.get(path, { content: false });
        return true;
      } catch (error) {
        if ((error as { response?: Response }).response?.status === 404) {
          return false;
        }
        throw error;
      }
    },
    open: (path) => opener.open(path),
    openCell: (path, cellId) => opener.openCell(path, cellId),
    showOpenCell: (cellId) => opener.showOpenCell(cellId),
    confirm: async (words, choice) => {
      const { button, isChecked } = await showDialog({
        title: trans.__('Restore the run?'),
        body: words,
        checkbox: choice === null ? null : { label: choice, checked: false },
        buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__('Restore') })],
      });
      return button.accept ? { isChosen: isChecked === true } : null;
    },
    restore: ({ store, run_id }, whole) => api.restore({ store, run_id, whole }),
    say: (kind, words, offer) => {
      const actions = offer ? [{ label: offer.label, callback: () => void tellProblem(offer.accept()) }] : [];
      Notification[kind](words, { autoClose: SHOWN_MS, actions });
    },
  };
  const add = (id: string, label: string, execute: (run: RunInStore) => Promise<void>): void => {
    commands.addCommand(id, {
      label,
      execute: ({ store, run_id }) => tellProblem(execute({ store: String(store), run_id: String(run_id) })),
    });
  };
  add('trackside:go-to-cell', trans.__('Go to the Cell That Made the Run'), (run) => goToCell(run, ways));
  add('trackside:open-notebook-as-it-was', trans.__('Open the Notebook as It Was'), (run) => openAsItWas(run, ways));
  add('trackside:restore', trans.__('Restore the Run'), (run) => restoreRun(run, ways));
}

async function tellProblem(work: Promise<void>): Promise<void> {
  await work.catch((error) => Notification.error(problemOf(error), { autoClose: SHOWN_MS }));
}
