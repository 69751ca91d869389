import { make } from './elements';
import type { Said, Shelf } from './marks';
import { tagBox } from './tag-box';
import { type Undo, undoAll } from './undo';
import type { Page } from './view';
import type { Hidden, RunTable } from './wire';

/** Parts of the page's bar: what is hidden, and what can be done with the ticked runs. */
export interface TidyBar {
  /** Says what tidying hides, with a button that shows it. */
  readonly hidden: HTMLElement;
  /** Tags the ticked runs, puts them away; tells what was said of runs last, and takes that back. */
  readonly actions: HTMLElement;
  /** Why the last mark was not kept; empty if it was. */
  readonly problem: HTMLElement;
  readonly dispose: Undo;
}

const REASONS: readonly (readonly [keyof Hidden, string])[] = [
  ['repeats', 'just like a newer run'],
  ['inside', 'inside repeated cells'],
  ['failed', 'failed at once'],
  ['archived', 'archived'],
  ['dropped', 'dropped'],
];

const ACTIONS: readonly { shelf: Shelf; word: string; title: string }[] = [
  { shelf: 'kept', word: 'Keep', title: 'Bring the ticked runs back, and never hide them' },
  { shelf: 'archived', word: 'Archive', title: 'Put the ticked runs away' },
  { shelf: 'dropped', word: 'Drop', title: 'Put the ticked runs where %track purge may delete them' },
];

/** Makes the parts. */
export function tidyBar(page: Page): TidyBar {
  const { marks, selection, state, table } = page;
  const words = make('span', {});
  const toggle = link('', 'Show or hide the runs that tidying leaves out', () => {
    state.value = { ...state.value, include_hidden: !state.value.include_hidden };
  });
  const act = async (work: Promise<void>): Promise<void> => {
    actions.setAttribute('aria-busy', 'true');
    await work;
    actions.removeAttribute('aria-busy');
  };
  const buttons = ACTIONS.map(({ shelf, title }) => link('', title, () => void act(shelve(page, shelf))));
  const star = link('', 'Star the ticked runs, or take their stars away', () => {
    const [runs, areStarred] = [tickedRuns(page), areAllStarred(page)];
    void act(marks.star(runs, !areStarred));
  });
  const done = make('span', {});
  const undo = link('Undo', 'Let it be as it was before', () => void act(marks.undo()));
  const tagging = tagBox(page);
  tagging.button.className = 'trackside-link';
  const undone = make('span', { class: 'trackside-done', role: 'status' }, done, undo);
  const hidden = make('span', { class: 'trackside-hidden' }, words, toggle);
  const actions = make('span', { class: 'trackside-actions' }, tagging.element, star, ...buttons, undone);
  const problem = make('div', { class: 'trackside-problem', role: 'status' });

  const show = (): void => {
    const includesHidden = state.value.include_hidden ?? false;
    words.textContent = describeHidden(table.value, includesHidden);
    toggle.textContent = includesHidden ? 'Hide' : 'Show';
    toggle.hidden = !marks.possible || (words.textContent === '' && !includesHidden);
    hidden.hidden = words.textContent === '' && toggle.hidden;
    const ticked = tickedRuns(page);
    const isAnyAway = ticked.some((run) => table.value.shown_anyway?.includes(run));
    for (const [at, { shelf, word }] of ACTIONS.entries()) {
      const button = buttons[at];
      if (button) {
        button.hidden = !marks.possible || ticked.length === 0 || (shelf === 'kept' && !isAnyAway);
        button.textContent = `${word} ${ticked.length}`;
      }
    }
    star.hidden = !marks.possible || ticked.length === 0;
    star.textContent = `${areAllStarred(page) ? 'Unstar' : 'Star'} ${ticked.length}`;
    tagging.element.hidden = !marks.possible || ticked.length === 0;
    tagging.button.textContent = `Tag ${ticked.length}…`;
    undone.hidden = !concerns(marks.said.value, ticked);
    done.textContent = done.title = marks.said.value === null ? '' : `${marks.said.value.words} ·`;
    problem.textContent = marks.problem.value ?? '';
  };
  const undos = [table, state, selection.ticked, marks.said, marks.problem].map(
    (observable: { subscribe(read: () => void): () => void }) => observable.subscribe(show),
  );
  show();
  return { hidden, actions, problem, dispose: undoAll([tagging.dispose, ...undos]) };
}

/** Whether what was said last is of the runs that are ticked, where any are. */
function concerns(said: Said | null, ticked: readonly string[]): boolean {
  const isOfTicked = ticked.length === said?.before.size && ticked.every((run) => said.before.has(run));
  return said !== null && (ticked.length === 0 || isOfTicked);
}

/** "hidden: 5 just like a newer run, 2 failed at once"; where these are shown, how many they are. */
export function describeHidden({ hidden, shown_anyway = [] }: RunTable, isShown: boolean): string {
  if (isShown) {
    return shown_anyway.length > 0 ? `${shown_anyway.length} usually hidden` : '';
  }
  const told = REASONS.flatMap(([reason, text]) => (hidden?.[reason] ? [`${hidden[reason]} ${text}`] : []));
  return told.length > 0 ? `hidden: ${told.join(', ')}` : '';
}

/** How many runs tidying leaves out. */
export function countHidden({ hidden }: RunTable): number {
  return REASONS.reduce((sum, [reason]) => sum + (hidden?.[reason] ?? 0), 0);
}

function tickedRuns({ selection, table }: Page): string[] {
  return table.value.run_ids.filter((run) => selection.ticked.value.has(run));
}

function areAllStarred(page: Page): boolean {
  return tickedRuns(page).every((run) => page.table.value.starred?.includes(run));
}

async function shelve(page: Page, shelf: Shelf): Promise<void> {
  if (await page.marks.shelve(tickedRuns(page), shelf)) {
    page.selection.ticked.value = new Set();
  }
}

function link(text: string, title: string, click: () => void): HTMLButtonElement {
  return make('button', { type: 'button', class: 'trackside-link', title, click }, text);
}
