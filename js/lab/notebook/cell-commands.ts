import './toolbar.css';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { type ICommandPalette, Notification } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { problemOf } from '../../core/asker';
import { COMPARED } from '../../core/wire';
import { HttpSource } from '../server/http-source';
import type { Server } from '../server/plugin';
import { canTrack, MAGIC, trackCell } from './track-cell';

/** The panel's command that compares runs of a store. */
const COMPARE = 'trackside:compare';
const SHOWN_MS = 8000;

/** Adds the commands about the notebook in front, and puts them into the palette; the schema gives them their keys. */
export function addCellCommands(
  { commands }: JupyterFrontEnd,
  tracker: INotebookTracker,
  { api, watcher, placeOf }: Server,
  palette: ICommandPalette | null,
  trans: TranslationBundle,
): void {
  const add = (
    command: string,
    label: string,
    isEnabled: (panel: NotebookPanel) => boolean,
    execute: (panel: NotebookPanel) => void,
  ): void => {
    const inFront = (): NotebookPanel | null => tracker.currentWidget;
    commands.addCommand(command, {
      label,
      isEnabled: () => {
        const panel = inFront();
        return panel !== null && isEnabled(panel);
      },
      execute: () => {
        const panel = inFront();
        if (panel !== null) {
          execute(panel);
        }
      },
    });
    palette?.addItem({ command, category: 'Trackside' });
  };

  const compare = async ({ context }: NotebookPanel): Promise<void> => {
    const place = await placeOf(context).refresh();
    if (place === null) {
      throw new Error(trans.__('Found no place where runs of this notebook are kept.'));
    }
    const { store, project, experiment } = place;
    const source = new HttpSource(api, watcher, { store, project, experiment, newest: COMPARED });
    const { run_ids } = await source.ask({ ask: 'runs' });
    if (run_ids.length === 0) {
      throw new Error(trans.__('This notebook has no runs yet: put %1 on top of a cell and run it.', MAGIC));
    }
    await commands.execute(COMPARE, { store, project, experiment, run_ids });
  };

  add(
    'trackside:track-cell',
    trans.__('Track the Cell with %1', MAGIC),
    ({ content }) => canTrack(content),
    ({ content }) => trackCell(content),
  );
  add(
    'trackside:compare-notebook',
    trans.__('Compare the Runs of This Notebook'),
    () => true,
    (panel) => {
      compare(panel).catch((error) => Notification.info(problemOf(error), { autoClose: SHOWN_MS }));
    },
  );
}
