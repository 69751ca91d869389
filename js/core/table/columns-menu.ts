import { make } from '../elements';
import { FILTER } from '../filter-box';
import { popover } from '../popover';
import { type Undo, undoAll } from '../undo';
import type { Page } from '../view';
import type { Column } from '../wire';
import { chosenColumns, moveColumn, NAME_KEY, shiftColumn } from './columns';
import { titleOf } from './titles';

const DRAGGED = 'application/x-trackside-column';

/** A button that opens the list of columns: tick to show, drag or Alt+arrow to reorder. */
export function columnsMenu(page: Page): { element: HTMLElement; dispose: Undo } {
  const list = make('ul', {
    class: 'trackside-columns-list',
    'aria-label': 'Columns: tick to show, Alt with arrow keys to move',
  });
  const search = make('input', { type: 'search', placeholder: 'Find a column', 'aria-label': 'Find a column' });
  const reset = make(
    'button',
    { type: 'button', title: 'Let the data decide again', click: () => choose(null) },
    'Reset',
  );
  const panel = make(
    'div',
    { class: 'trackside-columns', role: 'dialog', 'aria-label': 'Columns' },
    search,
    list,
    reset,
  );
  const menu = popover('Columns ▾', 'Choose and order the columns', panel, () => {
    show();
    return search;
  });

  const chosenKeys = (): string[] =>
    chosenColumns(page.table.value, page.state.value, page.selection.filters.value.get(FILTER));
  const choose = (columns: string[] | null): void => {
    page.state.value = { ...page.state.value, columns };
  };
  const show = (): void => {
    if (panel.hidden) {
      return;
    }
    const chosen = chosenKeys();
    const focused = list.querySelector<HTMLElement>('li:focus-within')?.dataset['key'];
    list.replaceChildren(
      ...listed(page.table.value.columns, chosen, search.value).map((column) => item(column, chosen)),
    );
    list.querySelector<HTMLElement>(`li[data-key="${CSS.escape(focused ?? '')}"] input`)?.focus();
  };
  const item = (column: Column, chosen: readonly string[]): HTMLElement => {
    const box = make('input', { type: 'checkbox' });
    box.checked = chosen.includes(column.key);
    box.addEventListener('change', () =>
      choose(box.checked ? [...chosen, column.key] : chosen.filter((key) => key !== column.key)),
    );
    const label = make('label', { title: titleOf(column) }, box, titleOf(column), make('small', {}, column.group));
    const row = make('li', { 'data-key': column.key, draggable: String(box.checked) }, label);
    row.addEventListener('dragstart', (event) => event.dataTransfer?.setData(DRAGGED, column.key));
    row.addEventListener('dragover', (event) => event.preventDefault());
    row.addEventListener('drop', (event) => {
      const dragged = event.dataTransfer?.getData(DRAGGED);
      if (dragged) {
        event.preventDefault();
        choose(moveColumn(chosen, dragged, column.key));
      }
    });
    row.addEventListener('keydown', (event) => {
      if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown') && box.checked) {
        event.preventDefault();
        choose(shiftColumn(chosen, column.key, event.key === 'ArrowUp' ? -1 : 1));
      }
    });
    return row;
  };
  search.addEventListener('input', show);
  const dispose = undoAll([menu.dispose, page.state.subscribe(show), page.table.subscribe(show)]);
  return { element: menu.element, dispose };
}

/** The chosen columns in their order, then the others; of these the ones whose name has `text` in it. */
export function listed(columns: readonly Column[], chosen: readonly string[], text: string): Column[] {
  const place = (column: Column): number => (chosen.includes(column.key) ? chosen.indexOf(column.key) : chosen.length);
  return columns
    .filter((column) => column.key !== NAME_KEY && titleOf(column).toLowerCase().includes(text.trim().toLowerCase()))
    .sort((a, b) => place(a) - place(b));
}
