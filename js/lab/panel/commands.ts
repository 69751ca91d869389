import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { Written } from '../../core/table/run-editors';
import type { ListView } from './list-view';

/** What the commands act on, and what they have done elsewhere. */
export interface CommandHost {
  readonly trans: TranslationBundle;
  list(): ListView | null;
  show(): void;
  showRuns(store: string, run_ids: readonly string[]): void;
  /** Tells of a notebook that leads to a store. */
  remember(store: string, notebook: string): void;
  openRun(store: string, run_id: string, name?: string): void;
  compare(store: string, run_ids: readonly string[]): void;
  insertComparison(run_ids: readonly string[], others: readonly string[]): void;
}

/** The commands of the side panel, in the order of the palette; those about runs act on the chosen ones. */
export const CATEGORY = 'Trackside';

/** Adds the commands, and tells their ids. */
export function addCommands(commands: CommandRegistry, host: CommandHost): string[] {
  const { trans } = host;
  const ids: string[] = [];
  const add = (id: string, label: string, execute: (args: Args) => void, isEnabled: (args: Args) => boolean): void => {
    ids.push(id);
    commands.addCommand(id, {
      label,
      execute: (args) => {
        const { store, notebook } = args as Args;
        if (store !== undefined && typeof notebook === 'string') {
          host.remember(store, notebook);
        }
        execute(args as Args);
      },
      isEnabled: (args) => isEnabled(args as Args),
      describedBy: { args: ARGUMENTS },
    });
  };
  const chosen = (): string[] => chosenRuns(host.list());
  const one = (): string | null => currentRun(host.list());
  const always = (): boolean => true;
  const hasRuns = (): boolean => chosen().length > 0;
  const withList = (act: (list: ListView) => void) => (): void => {
    const list = host.list();
    if (list) {
      act(list);
    }
  };
  const writing = (what: Written) => (): void => {
    const run = one();
    if (run !== null) {
      host.list()?.list.write(run, what);
    }
  };
  const shelving = (shelf: 'kept' | 'archived' | 'dropped') =>
    withList(({ page, list }) => {
      const runs = chosen();
      void page.marks.shelve(runs, shelf).then((isKept) => {
        if (isKept) {
          page.selection.ticked.value = new Set();
          list.focus();
        }
      });
    });
  add('trackside:show-panel', trans.__('Show Tracked Runs'), () => host.show(), always);
  commands.addCommand('trackside:show-runs', {
    label: trans.__('Show These Runs'),
    execute: (args) => {
      const { store, run_ids } = args as Args;
      if (store !== undefined && run_ids !== undefined) {
        host.showRuns(store, run_ids);
      }
    },
    describedBy: { args: ARGUMENTS },
  });
  add(
    'trackside:search-runs',
    trans.__('Search Tracked Runs'),
    () => {
      host.show();
      host.list()?.focusSearch();
    },
    always,
  );
  add(
    'trackside:open-run',
    trans.__('Open Run'),
    ({ store, run_id, name }) => {
      const [from, run] = [store ?? host.list()?.source.scope.store, run_id ?? one()];
      if (from != null && run !== null) {
        host.openRun(from, run, name);
      }
    },
    ({ run_id }) => run_id !== undefined || one() !== null,
  );
  add(
    'trackside:compare',
    trans.__('Compare Runs'),
    ({ store, run_ids }) => {
      const from = store ?? host.list()?.source.scope.store;
      const runs = run_ids ?? chosen();
      if (from != null && runs.length > 0) {
        host.compare(from, runs);
      }
    },
    ({ run_ids }) => run_ids !== undefined || hasRuns(),
  );
  add(
    'trackside:insert-compare',
    trans.__('Insert Cell that Compares Runs'),
    withList(({ page }) => host.insertComparison(chosen(), page.table.value.run_ids)),
    hasRuns,
  );
  add(
    'trackside:compare-with-baseline',
    trans.__('Compare Run with the Baseline'),
    withList(({ page: { table }, source }) => {
      const [run, baseline] = [one(), table.value.baseline];
      if (run !== null && baseline != null) {
        host.compare(source.scope.store, [run, baseline]);
      }
    }),
    () => {
      const baseline = host.list()?.page.table.value.baseline ?? null;
      return baseline !== null && one() !== null && one() !== baseline;
    },
  );
  add(
    'trackside:pin-baseline',
    trans.__('Pin or Unpin Baseline'),
    withList(({ page: { marks, table } }) => {
      const run = one();
      void marks.setBaseline(run === table.value.baseline ? null : run);
    }),
    () => one() !== null,
  );
  add(
    'trackside:star-run',
    trans.__('Star Run or Take Its Star Away'),
    withList(({ page }) => {
      const run = one();
      void (run !== null && page.marks.toggleStar(run));
    }),
    () => one() !== null,
  );
  add('trackside:rename-run', trans.__('Rename Run'), writing('name'), () => one() !== null);
  add('trackside:tag-run', trans.__('Tag Run'), writing('tag'), () => one() !== null);
  add('trackside:note-run', trans.__('Write Note on Run'), writing('note'), () => one() !== null);
  add('trackside:archive-runs', trans.__('Archive Runs'), shelving('archived'), hasRuns);
  add('trackside:delete-runs', trans.__('Put Runs in the Bin'), shelving('dropped'), hasRuns);
  add('trackside:put-back-runs', trans.__('Put Runs Back in the List'), shelving('kept'), hasRuns);
  add(
    'trackside:undo',
    trans.__('Undo Last Change of Runs'),
    withList(({ page }) => void page.marks.undo()),
    () => host.list()?.page.marks.said.value != null,
  );
  addOthers(commands, trans, () => ({ store: host.list()?.source.scope.store ?? null, run_id: one() }));
  return ids;
}

/** For the menu of the list: commands of other plugins that are told which run is meant; hidden where these are not there. */
function addOthers(
  commands: CommandRegistry,
  trans: TranslationBundle,
  chosen: () => { store: string | null; run_id: string | null },
): void {
  const others = [
    ['trackside:go-to-cell', trans.__('Go to Cell')],
    ['trackside:open-notebook-as-it-was', trans.__('Open Notebook as It Was')],
    ['trackside:restore', trans.__('Restore…')],
  ] as const;
  for (const [command, label] of others) {
    commands.addCommand(`${command}-of-chosen-run`, {
      label,
      isVisible: () => commands.hasCommand(command),
      isEnabled: () => chosen().run_id !== null,
      execute: () => commands.execute(command, chosen()),
    });
  }
}

interface Args {
  readonly store?: string;
  readonly run_id?: string;
  readonly run_ids?: readonly string[];
  /** A notebook that leads to the store, and the run's name: what a tab keeps across reloads. */
  readonly notebook?: string | null;
  readonly name?: string;
}

const ARGUMENTS = {
  type: 'object',
  properties: {
    store: { type: 'string' },
    run_id: { type: 'string' },
    run_ids: { type: 'array', items: { type: 'string' } },
    notebook: { type: ['string', 'null'] },
    name: { type: 'string' },
  },
} as const;

/** The runs that a command about several is about: the chosen ones, else the one that the keyboard is at. */
function chosenRuns(view: ListView | null): string[] {
  if (view === null) {
    return [];
  }
  const { ticked } = view.page.selection;
  const chosen = view.page.table.value.run_ids.filter((run) => ticked.value.has(run));
  const current = view.list.current();
  return chosen.length > 0 || current === null ? chosen : [current];
}

/** The run that a command about one is about. */
function currentRun(view: ListView | null): string | null {
  const [first, ...others] = chosenRuns(view);
  const current = view?.list.current() ?? null;
  return others.length > 0 || first === undefined ? current : first;
}
