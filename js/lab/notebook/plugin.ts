import { ILabShell, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker, NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import { undoAll } from '../../core/undo';
import { DRIVE } from '../server/past-path';
import { IServer, type Server } from '../server/plugin';
import { addCellCommands } from './cell-commands';
import { followCells } from './follow-cells';
import { markCells } from './mark-cells';
import { followMarkSetting } from './mark-setting';
import { offerMissedRuns } from './offer-missed';
import { Opener } from './opener';
import { PastDrive } from './past-drive';
import { keepPast } from './past-notebook';
import { addRunCommands } from './run-commands';

/** The panel's command that shows runs. */
const SHOW_RUNS = 'trackside:show-runs';

/** Marks cells that have runs, leads from a run to its notebook, and opens notebooks as they were. */
export const notebookPlugin: JupyterFrontEndPlugin<void> = {
  id: 'trackside:notebook',
  description: 'Marks the cells that have runs, and opens notebooks as they were.',
  autoStart: true,
  requires: [IServer, INotebookTracker, IDocumentManager],
  optional: [ILabShell, ICommandPalette, ISettingRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    server: Server,
    tracker: INotebookTracker,
    docManager: IDocumentManager,
    labShell: ILabShell | null,
    palette: ICommandPalette | null,
    settings: ISettingRegistry | null,
    translator: ITranslator | null,
  ) => {
    const trans = (translator ?? nullTranslator).load('trackside');
    const { contents, serverSettings } = app.serviceManager;
    const opener = new Opener(docManager, tracker, labShell !== null);
    contents.addDrive(new PastDrive(server.api, serverSettings));
    opener.openPastOfAddress(app.restored);
    addRunCommands(app, server, opener, trans);
    if (settings !== null) {
      void followMarkSetting(settings, document.body);
    }
    addCellCommands(app, tracker, server, palette, trans);

    const createNew = (panel: NotebookPanel): IDisposable => {
      void opener.showCellOfAddress(panel);
      if (contents.driveName(panel.context.path) === DRIVE) {
        keepPast(panel);
        return new DisposableDelegate(() => undefined);
      }
      const followed = followCells(panel, server, NotebookActions.executed);
      const showRuns = (run_ids: readonly string[]): void => {
        const place = server.placeOf(panel.context).value.value;
        if (place !== null) {
          const { store, project, experiment } = place;
          void app.commands.execute(SHOW_RUNS, { store, project, experiment, run_ids: [...run_ids] });
        }
      };
      const undo = undoAll([
        followed.dispose,
        markCells(panel.content, followed, showRuns, trans),
        offerMissedRuns(panel, followed, server, NotebookActions.executionScheduled, trans),
      ]);
      return new DisposableDelegate(undo);
    };
    app.docRegistry.addWidgetExtension('Notebook', { createNew });
  },
};
