import { chooser, toggle } from '../controls';
import { make } from '../elements';
import { FILTER } from '../filter-box';
import type { Observable } from '../observable';
import { runName, runRows } from '../runs';
import { type Undo, undoAll } from '../undo';
import { countUnseen } from '../unseen';
import type { Page } from '../view';
import { countSparse } from './columns';
import { columnsMenu } from './columns-menu';
import type { Shown } from './copied';
import { copyMenu } from './copy-menu';
import { groupableColumns, groupColumn } from './groups';
import { showsSparklines, sparkMetric } from './sparklines';

/**
 * What can be chosen over the table: columns, grouping, the run that others are held against. `shown` tells what it shows,
 * to be copied.
 */
export function tableToolbar(page: Page, shown: () => Shown): { element: HTMLElement; dispose: Undo } {
  const { state, selection, table } = page;
  const menu = columnsMenu(page);
  const copying = copyMenu(page, shown);
  const folding = toggle('Only what differs', 'Hide columns in which all runs are equal', (only_differing) => {
    state.value = { ...state.value, only_differing };
  });
  const grouping = chooser('Group the runs by what they have in common', (key) => {
    state.value = { ...state.value, group_by: key || null, open_groups: [] };
  });
  const sparklines = toggle('Sparklines', 'Show how the main metric went in each run', (shown) => {
    state.value = { ...state.value, sparklines: shown };
  });
  const sparse = link('Columns that less than a third of the runs have', () => {
    state.value = { ...state.value, show_sparse: !state.value.show_sparse };
  });
  const shares = toggle('%', 'Tell differences as a share of what they are held against', (percent) => {
    state.value = { ...state.value, percent };
  });
  const showAll = link('Draw the runs whose eye is closed again, in all panels', () => {
    state.value = { ...state.value, unseen: [] };
  });
  const unpin = make('button', {
    type: 'button',
    title: 'Stop comparing',
    click: () => (selection.pinned.value = null),
  });

  const show = (): void => {
    folding.show(state.value.only_differing ?? false);
    showGrouping();
    sparklines.element.hidden = sparkMetric(table.value) === null;
    sparklines.show(showsSparklines(table.value, state.value, page.source.live));
    const count = countSparse(table.value, state.value, selection.filters.value.get(FILTER));
    sparse.hidden = count === 0;
    sparse.textContent = describeSparse(count, state.value.show_sparse ?? false);
    const pinned = selection.pinned.value;
    const isPinned = pinned !== null && runRows(table.value).has(pinned);
    const unseen = countUnseen(page);
    showAll.hidden = unseen === 0;
    showAll.textContent = `${unseen} out of sight: show all`;
    shares.element.hidden = !isPinned;
    shares.show(state.value.percent ?? false);
    unpin.hidden = !isPinned;
    unpin.textContent = isPinned ? `Compared with ${runName(pinned, table.value)} ×` : '';
  };
  const showGrouping = (): void => {
    const chosen = groupColumn(table.value, state.value.group_by);
    const possible = groupableColumns(table.value);
    const columns = chosen === null || possible.includes(chosen) ? possible : [...possible, chosen];
    const choices = columns.map(({ key, name }) => ({ value: key, label: `by ${name}` }));
    grouping.show({ value: chosen?.key ?? '', choices: [{ value: '', label: 'No groups' }, ...choices] });
    grouping.element.hidden = columns.length === 0;
  };
  show();
  const undos = [state, selection.pinned, selection.filters, table].map(
    (observable: Pick<Observable<unknown>, 'subscribe'>) => observable.subscribe(show),
  );
  const parts = [
    menu.element,
    folding.element,
    grouping.element,
    sparklines.element,
    sparse,
    unpin,
    shares.element,
    copying.element,
    showAll,
  ];
  return {
    element: make('div', { class: 'trackside-toolbar' }, ...parts),
    dispose: undoAll([menu.dispose, copying.dispose, ...undos]),
  };
}

function link(title: string, click: () => void): HTMLButtonElement {
  return make('button', { type: 'button', class: 'trackside-link', title, click });
}

/** "+31 columns that few runs have", or what takes them away again. */
function describeSparse(count: number, isShown: boolean): string {
  const columns = `${count} column${count === 1 ? '' : 's'} that few runs have`;
  return isShown ? `Fold ${columns}` : `+${columns}`;
}
