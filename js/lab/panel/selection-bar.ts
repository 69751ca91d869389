import { make } from '../../core/elements';
import { tagBox } from '../../core/tag-box';
import { type Undo, undoAll } from '../../core/undo';
import type { Page } from '../../core/view';
import type { ListHost } from './list-view';

/** The line below the list: what can be done with the chosen runs; what was said of runs last, and its undo. */
export function selectionBar(
  page: Page,
  { execute, trans }: ListHost,
  menu: (below: Element) => void,
): { element: HTMLElement; dispose: Undo } {
  const { marks, selection } = page;
  const count = make('span', {});
  const button = (word: string, title: string, act: () => void): HTMLButtonElement =>
    make('button', { type: 'button', title, click: act }, word);
  const compare = button(trans.__('Compare'), trans.__('Compare the chosen runs in a tab of their own'), () =>
    execute('trackside:compare'),
  );
  compare.classList.add('trackside-primary');
  const insert = button(
    trans.__('Insert cell'),
    trans.__('Insert a cell that compares them below the active one'),
    () => execute('trackside:insert-compare'),
  );
  const tagging = tagBox(page);
  const more = button('⋯', trans.__('What else can be done with them'), () => menu(more));
  const none = button('×', trans.__('Choose no run'), () => {
    selection.ticked.value = new Set();
  });
  const actions = make(
    'div',
    { class: 'trackside-side-actions', role: 'toolbar', 'aria-label': trans.__('The chosen runs') },
    make('div', { class: 'trackside-chosen' }, count, none),
    compare,
    insert,
    tagging.element,
    more,
  );
  const words = make('span', {});
  const undo = make(
    'button',
    { type: 'button', class: 'trackside-link', click: () => void marks.undo() },
    trans.__('Undo'),
  );
  const done = make('div', { class: 'trackside-side-done', role: 'status' }, words, undo);
  const problem = make('div', { class: 'trackside-problem', role: 'alert' });

  const show = (): void => {
    const chosen = selection.ticked.value;
    actions.hidden = chosen.size === 0;
    count.textContent = trans._n('%1 chosen', '%1 chosen', chosen.size);
    done.hidden = marks.said.value === null;
    words.textContent = marks.said.value?.words ?? '';
    problem.textContent = marks.problem.value ?? '';
  };
  show();
  const undos = [selection.ticked, marks.said, marks.problem].map((observable: { subscribe(read: () => void): Undo }) =>
    observable.subscribe(show),
  );
  const element = make('div', { class: 'trackside-side-foot' }, problem, done, actions);
  return { element, dispose: undoAll([tagging.dispose, ...undos]) };
}
