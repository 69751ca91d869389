import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { type Origin, originIn, type Scope } from '../server/http-source';
import { IServer, type Server } from '../server/plugin';
import { addCommands, CATEGORY, type CommandHost } from './commands';
import { digest } from './digest';
import { NO_FACETS } from './facets';
import { shortHandles } from './handles';
import { tracksideIcon } from './icon';
import { keepPanelState } from './kept-state';
import { ModelTab } from './model-tab';
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
    let used: RunTab | null = null;
    const tabs = makeTabs(app, labShell ? 'main' : 'down', server, restorer, trans, (tab) => {
      used = tab;
    });
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
    panel.node.addEventListener('focusin', () => {
      used = null;
    });
    const show = (): void => app.shell.activateById(panel.id);
    const ids = addCommands(app.commands, {
      trans,
      target: () => (used?.isVisible ? used.target : panel.isVisible ? panel.list : null),
      show,
      search: () => {
        show();
        panel.list?.focusSearch();
      },
      showRuns: (of, run_ids) => {
        const chosen = { ...of, project: of.project ?? null, experiment: of.experiment ?? null, run_ids: [...run_ids] };
        panel.state.value = { ...panel.state.value, chosen, filter: '', facets: NO_FACETS };
        show();
      },
      remember: (store, notebook) => server.api.remember(store, notebook),
      openRun: tabs.openRun,
      openModel: tabs.openModel,
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
  onUse: (tab: RunTab) => void,
): Pick<CommandHost, 'openRun' | 'openModel' | 'compare'> {
  const runs = new Tabs<RunTab>(app, area, restorer, {
    namespace: 'trackside-run',
    command: 'trackside:open-run',
    args: ({ of, runId, title }) => ({
      ...saved(of),
      run_id: runId,
      name: title.label,
      notebook: server.api.notebookOf(of.store),
    }),
  });
  const benches = new Tabs<Workbench>(app, area, restorer, {
    namespace: 'trackside-workbench',
    command: 'trackside:compare',
    args: ({ scope }) => ({
      ...saved(scope),
      run_ids: scope.run_ids ?? [],
      notebook: server.api.notebookOf(scope.store),
    }),
  });
  const models = new Tabs<ModelTab>(app, area, restorer, {
    namespace: 'trackside-model',
    command: 'trackside:open-model',
    args: ({ of, name }) => ({ ...saved(of), model: name, notebook: server.api.notebookOf(of.store) }),
  });
  const host: RunTabHost = {
    server,
    trans,
    execute: (command, args) => void app.commands.execute(command, args),
    has: (command) => app.commands.hasCommand(command),
  };
  const openTab = (of: Origin, run: string): RunTab => {
    const tab = new RunTab(of, run, host);
    for (const event of ['focusin', 'pointerdown']) {
      tab.node.addEventListener(event, () => onUse(tab));
    }
    return tab;
  };
  return {
    openRun: (of, run, name) =>
      void runs.show(`trackside-run-${of.store}-${run}`, name || trans.__('Run'), () => openTab(of, run)),
    openModel: (of, name, version) => {
      const id = `trackside-model-${of.store}-${digest(name ?? '')}`;
      const tab = models.show(id, name ?? trans.__('Registered models'), () => new ModelTab(of, name, host));
      if (version !== null) {
        tab.choose(version);
      }
    },
    compare: (of, run_ids) =>
      benches.show(
        `trackside-compare-${of.store}-${digest(run_ids.join(' '))}`,
        trans._n('Compare %1 run', 'Compare %1 runs', run_ids.length),
        () => new Workbench(server, { ...of, run_ids: [...run_ids] }, trans),
      ),
  };
}

/** An experiment as a tab keeps it across reloads. */
function saved(scope: Scope): { store: string; project: string | null; experiment: string | null } {
  const { store, project = null, experiment = null } = originIn(scope);
  return { store, project, experiment };
}

/** Puts a cell below the active one of the notebook in front. */
function insertCell(tracker: INotebookTracker | null, source: string): void {
  const notebook = tracker?.currentWidget?.content;
  if (notebook) {
    NotebookActions.insertBelow(notebook);
    notebook.activeCell?.model.sharedModel.setSource(source);
  }
}
