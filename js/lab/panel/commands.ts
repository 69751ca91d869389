import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { Written } from '../../core/table/run-editors';
import { type Origin, originIn } from '../server/http-source';
import type { ListView } from './list-view';
import type { RunList } from './run-list';

/** Runs that commands act on: those of the panel's list, or the one of a page. */
export interface Target extends Pick<ListView, 'page' | 'source'> {
  readonly list: Pick<RunList, 'current' | 'focus' | 'write'>;
}

/** What the commands act on, and what they have done elsewhere. */
export interface CommandHost {
  readonly trans: TranslationBundle;
  /** What was used last of what can be seen: the panel's list, or the page of a run; null where neither can. */
  target(): Target | null;
  show(): void;
  search(): void;
  showRuns(of: Origin, run_ids: readonly string[]): void;
  /** Tells of a notebook that leads to a store. */
  remember(store: string, notebook: string): void;
  openRun(of: Origin, run_id: string, name?: string): void;
  /** Opens a model, at one of its versions, or with null all models. */
  openModel(of: Origin, model: string | null, version: number | null): void;
  compare(of: Origin, run_ids: readonly string[]): void;
  insertComparison(run_ids: readonly string[], others: readonly string[]): void;
}

export const CATEGORY = 'Trackside';

/**
 * Adds the commands, and tells their ids in the order of the palette; those about runs act on the chosen ones, and are
 * offered while there are any.
 */
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
      isVisible: (args) => isEnabled(args as Args),
      describedBy: { args: ARGUMENTS },
    });
  };
  const chosen = (): string[] => chosenRuns(host.target());
  const one = (): string | null => currentRun(host.target());
  const always = (): boolean => true;
  const hasRuns = (): boolean => chosen().length > 0;
  const withTarget = (act: (target: Target) => void) => (): void => {
    const target = host.target();
    if (target) {
      act(target);
    }
  };
  const writing = (what: Written) => (): void => {
    const run = one();
    if (run !== null) {
      host.target()?.list.write(run, what);
    }
  };
  const shelving = (shelf: 'kept' | 'archived' | 'dropped') =>
    withTarget(({ page, list }) => {
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
      const of = originOf(args as Args, null);
      const { run_ids } = args as Args;
      if (of !== null && run_ids !== undefined) {
        host.showRuns(of, run_ids);
      }
    },
    describedBy: { args: ARGUMENTS },
  });
  add('trackside:search-runs', trans.__('Search Tracked Runs'), () => host.search(), always);
  add(
    'trackside:open-run',
    trans.__('Open Run'),
    (args) => {
      const [of, run] = [originOf(args, host.target()), args.run_id ?? one()];
      if (of !== null && run !== null) {
        host.openRun(of, run, args.name);
      }
    },
    ({ run_id }) => run_id !== undefined || one() !== null,
  );
  add(
    'trackside:open-model',
    trans.__('Show Registered Models'),
    (args) => {
      const of = originOf(args, host.target());
      if (of !== null) {
        host.openModel(of, args.model ?? null, args.version ?? null);
      }
    },
    ({ store }) => store !== undefined || host.target() !== null,
  );
  add(
    'trackside:compare',
    trans.__('Compare Runs'),
    (args) => {
      const [of, runs] = [originOf(args, host.target()), args.run_ids ?? chosen()];
      if (of !== null && runs.length > 0) {
        host.compare(of, runs);
      }
    },
    ({ run_ids }) => run_ids !== undefined || hasRuns(),
  );
  add(
    'trackside:insert-compare',
    trans.__('Insert Cell that Compares Runs'),
    withTarget(({ page }) => host.insertComparison(chosen(), page.table.value.run_ids)),
    hasRuns,
  );
  add(
    'trackside:compare-with-baseline',
    trans.__('Compare Run with the Baseline'),
    withTarget(({ page: { table }, source }) => {
      const [run, baseline] = [one(), table.value.baseline];
      if (run !== null && baseline != null) {
        host.compare(originIn(source.scope), [run, baseline]);
      }
    }),
    () => {
      const baseline = host.target()?.page.table.value.baseline ?? null;
      return baseline !== null && one() !== null && one() !== baseline;
    },
  );
  add(
    'trackside:pin-baseline',
    trans.__('Pin or Unpin Baseline'),
    withTarget(({ page: { marks, table } }) => {
      const run = one();
      void marks.setBaseline(run === table.value.baseline ? null : run);
    }),
    () => one() !== null,
  );
  add(
    'trackside:star-run',
    trans.__('Star Run or Take Its Star Away'),
    withTarget(({ page }) => {
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
    withTarget(({ page }) => void page.marks.undo()),
    () => host.target()?.page.marks.said.value != null,
  );
  const others = addOthers(commands, trans, () => ({
    store: host.target()?.source.scope.store ?? null,
    run_id: one(),
  }));
  return [...ids, ...others];
}

/** Commands of other plugins that are told which run is meant; hidden where these are not there, or no run is chosen. */
function addOthers(
  commands: CommandRegistry,
  trans: TranslationBundle,
  chosen: () => { store: string | null; run_id: string | null },
): string[] {
  const others = [
    ['trackside:go-to-cell', trans.__('Go to the Cell of the Run')],
    ['trackside:open-notebook-as-it-was', trans.__('Open the Notebook of the Run as It Was')],
    ['trackside:restore', trans.__('Restore the Run…')],
  ] as const;
  return others.map(([command, label]) => {
    const id = `${command}-of-chosen-run`;
    commands.addCommand(id, {
      label,
      isVisible: () => commands.hasCommand(command) && chosen().run_id !== null,
      execute: () => commands.execute(command, chosen()),
    });
    return id;
  });
}

interface Args extends Partial<Origin> {
  readonly run_id?: string;
  readonly run_ids?: readonly string[];
  /** A notebook that leads to the store, and the run's name: what a tab keeps across reloads. */
  readonly notebook?: string | null;
  readonly name?: string;
  readonly model?: string | null;
  readonly version?: number | null;
}

const ARGUMENTS = {
  type: 'object',
  properties: {
    store: { type: 'string' },
    project: { type: ['string', 'null'] },
    experiment: { type: ['string', 'null'] },
    run_id: { type: 'string' },
    run_ids: { type: 'array', items: { type: 'string' } },
    notebook: { type: ['string', 'null'] },
    name: { type: 'string' },
    model: { type: ['string', 'null'] },
    version: { type: ['number', 'null'] },
  },
} as const;

/** The experiment that arguments name, else that of the target; null where there is none. */
function originOf({ store, project = null, experiment = null }: Args, target: Target | null): Origin | null {
  return store === undefined ? target && originIn(target.source.scope) : { store, project, experiment };
}

/** The runs that a command about several is about: the chosen ones, else the one that the keyboard is at. */
function chosenRuns(target: Target | null): string[] {
  if (target === null) {
    return [];
  }
  const { ticked } = target.page.selection;
  const chosen = target.page.table.value.run_ids.filter((run) => ticked.value.has(run));
  const current = target.list.current();
  return chosen.length > 0 || current === null ? chosen : [current];
}

/** The run that a command about one is about. */
function currentRun(target: Target | null): string | null {
  const [first, ...others] = chosenRuns(target);
  const current = target?.list.current() ?? null;
  return others.length > 0 || first === undefined ? current : first;
}
