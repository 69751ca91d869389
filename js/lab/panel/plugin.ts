import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { IServer, type Server } from '../server/plugin';
import { addCommands, CATEGORY, type CommandHost } from './commands';
import { digest } from './digest';
import { NO_FACETS } from './facets';
import { shortHandles } from './handles';
import { tracksideIcon } from './icon';
import { keepPanelState } from './kept-state';
import { PlaceFollower } from './places';
import { RunTab, type RunTabHost } from './run-tab';
import { SidePanel } from './side-panel';
import { Tabs } from './tabs';
import { Workbench } from './workbench';

/** The side panel with its tabs: tracked runs beside the notebook, kernel or not. */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'trackside:panel',
  description: 'Shows what has been tracked beside the notebook.',
  autoStart: true,
  requires: [IServer],
  optional: [INotebookTracker, ILabShell, ILayoutRestorer, ICommandPalette, IStateDB, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    server: Server,
    tracker: INotebookTracker | null,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    state: IStateDB | null,
    translator: ITranslator | null,
  ) => {
    const trans = (translator ?? nullTranslator).load('trackside');
    const tabs = makeTabs(app, labShell ? 'main' : 'down', server, restorer, trans);
    const panel = new SidePanel({
      server,
      places: new PlaceFollower(server, tracker),
      trans,
      openRun: tabs.openRun,
      execute: (command) => void app.commands.execute(command),
    });
    panel.title.icon = tracksideIcon;
    app.shell.add(panel, 'left', { rank: 850, type: 'Trackside' });
    restorer?.add(panel, panel.id);
    if (state) {
      keepPanelState(state, panel.state, server.api);
    }
    const ids = addCommands(app.commands, {
      trans,
      list: () => panel.list,
      show: () => app.shell.activateById(panel.id),
      showRuns: (store, run_ids) => {
        const chosen = { store, project: null, experiment: null, run_ids: [...run_ids] };
        panel.state.value = { ...panel.state.value, chosen, filter: '', facets: { ...NO_FACETS, place: 'all' } };
        app.shell.activateById(panel.id);
      },
      remember: (store, notebook) => server.api.remember(store, notebook),
      openRun: tabs.openRun,
      compare: tabs.compare,
      insertComparison: (runs, others) => insertCell(tracker, `%track compare ${shortHandles(runs, others).join(' ')}`),
    });
    for (const command of ids) {
      palette?.addItem({ command, category: CATEGORY });
    }
  },
};

/** Opens comparisons and runs in an area of the shell: Notebook 7 shows one thing in its main one, and others below. */
function makeTabs(
  app: JupyterFrontEnd,
  area: string,
  server: Server,
  restorer: ILayoutRestorer | null,
  trans: TranslationBundle,
): Pick<CommandHost, 'openRun' | 'compare'> {
  const runs = new Tabs<RunTab>(app, area, restorer, {
    namespace: 'trackside-run',
    command: 'trackside:open-run',
    args: ({ store, runId, title }) => ({
      store,
      run_id: runId,
      name: title.label,
      notebook: server.api.notebookOf(store),
    }),
  });
  const benches = new Tabs<Workbench>(app, area, restorer, {
    namespace: 'trackside-workbench',
    command: 'trackside:compare',
    args: ({ scope }) => ({
      store: scope.store,
      run_ids: scope.run_ids ?? [],
      notebook: server.api.notebookOf(scope.store),
    }),
  });
  const host: RunTabHost = {
    server,
    trans,
    execute: (command, args) => void app.commands.execute(command, args),
    has: (command) => app.commands.hasCommand(command),
  };
  return {
    openRun: (store, run, name) =>
      runs.show(`trackside-run-${store}-${run}`, name || trans.__('Run'), () => new RunTab(store, run, host)),
    compare: (store, run_ids) =>
      benches.show(
        `trackside-compare-${store}-${digest(run_ids.join(' '))}`,
        trans._n('Compare %1 run', 'Compare %1 runs', run_ids.length),
        () => new Workbench(server, { store, run_ids: [...run_ids] }, trans),
      ),
  };
}

/** Puts a cell below the active one of the notebook in front. */
function insertCell(tracker: INotebookTracker | null, source: string): void {
  const notebook = tracker?.currentWidget?.content;
  if (notebook) {
    NotebookActions.insertBelow(notebook);
    notebook.activeCell?.model.sharedModel.setSource(source);
  }
}
