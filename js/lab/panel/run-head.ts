import type { TranslationBundle } from '@jupyterlab/translation';
import { make } from '../../core/elements';
import { findColumn, runRows } from '../../core/runs';
import { statusMark } from '../../core/status-mark';
import { NOTE_KEY } from '../../core/table/run-cell';
import { spellTag, type Tag, tagsAt } from '../../core/tags';
import type { Page } from '../../core/view';
import type { RunPage } from '../../core/wire';
import type { Origin } from '../server/http-source';

/** What can be done with a run: the word, the command and what it is told. */
type Offer = readonly [word: string, command: string, args: Arguments];
type Arguments = Readonly<Record<string, string | number | string[] | null | undefined>>;

/** What the head of a run's page has done for it. */
export interface HeadHost {
  readonly trans: TranslationBundle;
  execute(command: string, args: Arguments): void;
  has(command: string): boolean;
}

/** What is asked for in a form below the head: what becomes of the run, or of which model it is a version. */
export type Asked = 'decide' | 'register';

/** What a run is called and how it stands, what was said of it, and what can be done with it. */
export function runHead(
  run: RunPage,
  page: Page,
  of: Origin,
  host: HeadHost,
  ask: (what: Asked) => void = () => undefined,
): HTMLElement[] {
  const { trans } = host;
  const { marks, table } = page;
  const began = new Date(run.started_at * 1000).toLocaleString();
  const status = make(
    'span',
    { class: 'trackside-run-state', 'data-status': run.status },
    statusMark(run.status),
    run.status,
  );
  const where = [began, run.experiment, run.notebook].filter(Boolean).join(' · ');
  const row = runRows(table.value).get(run.run_id) ?? -1;
  const tags = tagsAt(table.value, row).map((tag) => tagChip(tag, page, run.run_id, trans));
  const note = String(findColumn(table.value, NOTE_KEY)?.values[row] ?? '');
  const leads = offersOf(run, of, host)
    .filter(([, command]) => host.has(command))
    .map(([word, command, args]) => make('button', { type: 'button', click: () => host.execute(command, args) }, word));
  const undo = make(
    'button',
    { type: 'button', class: 'trackside-link', click: () => void marks.undo() },
    trans.__('Undo'),
  );
  return [
    make('h1', { 'data-writes': 'name' }, run.name),
    make('p', { class: 'trackside-quiet' }, status, ' · ', where),
    make('p', { class: 'trackside-run-tags', 'data-writes': 'tag' }, ...tags),
    make('p', { class: 'trackside-run-note', 'data-writes': 'note' }, note),
    make('div', { class: 'trackside-toolbar' }, ...(row < 0 ? [] : markButtons(run, page, row, host, ask))),
    make('div', { class: 'trackside-toolbar' }, ...leads),
    make(
      'p',
      { role: 'status' },
      ...(marks.said.value === null ? [] : [`${marks.said.value.words} · `, undo]),
      make('span', { class: 'trackside-problem' }, marks.problem.value ?? ''),
    ),
  ];
}

/** What can be said of the run: by the commands that act on the page, or list, that was used last. */
function markButtons(
  run: RunPage,
  { table }: Page,
  row: number,
  { execute, trans }: HeadHost,
  ask: (what: Asked) => void,
): HTMLElement[] {
  const isStarred = table.value.starred?.includes(run.run_id) ?? false;
  const isBaseline = table.value.baseline === run.run_id;
  const shelf = findColumn(table.value, 'run:shelf')?.values[row] ?? null;
  const button = (word: string, command: string, isPressed?: boolean): HTMLElement => {
    const attributes = isPressed === undefined ? {} : { 'aria-pressed': String(isPressed) };
    return make('button', { type: 'button', ...attributes, click: () => execute(command, {}) }, word);
  };
  const isAway = shelf === 'archived' || shelf === 'dropped';
  return [
    button(isStarred ? trans.__('★ Starred') : trans.__('☆ Star'), 'trackside:star-run', isStarred),
    button(trans.__('Baseline'), 'trackside:pin-baseline', isBaseline),
    button(trans.__('Rename'), 'trackside:rename-run'),
    button(trans.__('Tag'), 'trackside:tag-run'),
    button(trans.__('Note'), 'trackside:note-run'),
    make('button', { type: 'button', click: () => ask('decide') }, trans.__('Decide…')),
    make('button', { type: 'button', click: () => ask('register') }, trans.__('Register…')),
    ...(isAway
      ? [button(trans.__('Put back in the list'), 'trackside:put-back-runs')]
      : [
          button(trans.__('Archive'), 'trackside:archive-runs'),
          button(trans.__('Put in the bin'), 'trackside:delete-runs'),
        ]),
  ];
}

function tagChip(tag: Tag, { marks }: Page, run: string, trans: TranslationBundle): HTMLElement {
  const words = trans.__('Take the tag %1 away', tag.key);
  const remove = make(
    'button',
    { type: 'button', title: words, 'aria-label': words, click: () => void marks.tag([run], tag.key, null) },
    '×',
  );
  return make('span', { class: 'trackside-chip' }, make('bdi', {}, spellTag(tag)), remove);
}

function offersOf(run: RunPage, of: Origin, { trans }: HeadHost): Offer[] {
  const { run_id, baseline, before } = run;
  const one = { store: of.store, run_id };
  const beside = (other: string): Arguments => ({ ...of, run_ids: [run_id, other] });
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
