import type { TranslationBundle } from '@jupyterlab/translation';
import { make } from '../../core/elements';
import { statusMark } from '../../core/status-mark';
import type { RunPage } from '../../core/wire';

/** What can be done with a run: the word, the command and what it is told. */
type Offer = readonly [word: string, command: string, args: Readonly<Record<string, string | string[]>>];

/** What the head of a run's page has done for it. */
export interface HeadHost {
  readonly trans: TranslationBundle;
  execute(command: string, args: Readonly<Record<string, string | string[]>>): void;
  has(command: string): boolean;
}

/** A run's name, how it stands, and what can be done with it. */
export function runHead(run: RunPage, store: string, host: HeadHost): HTMLElement[] {
  const began = new Date(run.started_at * 1000).toLocaleString();
  const status = make(
    'span',
    { class: 'trackside-run-state', 'data-status': run.status },
    statusMark(run.status),
    run.status,
  );
  const where = [began, run.experiment, run.notebook].filter(Boolean).join(' · ');
  const buttons = offersOf(run, store, host)
    .filter(([, command]) => host.has(command))
    .map(([word, command, args]) => make('button', { type: 'button', click: () => host.execute(command, args) }, word));
  return [
    make('h1', {}, run.name),
    make('p', { class: 'trackside-quiet' }, status, ' · ', where),
    make('div', { class: 'trackside-toolbar' }, ...buttons),
  ];
}

function offersOf(run: RunPage, store: string, { trans }: HeadHost): Offer[] {
  const { run_id, baseline, before } = run;
  const one = { store, run_id };
  const beside = (other: string): Offer[2] => ({ store, run_ids: [run_id, other] });
  return [
    ...(run.cell_id ? [[trans.__('Go to cell'), 'trackside:go-to-cell', one] as const] : []),
    ...(run.has_notebook
      ? [[trans.__('Open notebook as it was'), 'trackside:open-notebook-as-it-was', one] as const]
      : []),
    [trans.__('Restore…'), 'trackside:restore', one],
    ...(baseline && baseline !== run_id
      ? [[trans.__('Compare with the baseline'), 'trackside:compare', beside(baseline)] as const]
      : []),
    ...(before ? [[trans.__('Compare with the run before'), 'trackside:compare', beside(before)] as const] : []),
  ];
}
