import { type MenuEntry, menuList } from '../popover';
import { showOver } from '../show-over';
import { type Undo, undoAll } from '../undo';
import type { Page } from '../view';
import type { Column, ViewState } from '../wire';
import { withWidth } from './column-width';
import { NAME_KEY, shiftColumn } from './columns';
import { FORMATS, withFormat } from './formats';
import { groupableColumns } from './groups';
import { withSorts } from './sorting';
import { titleOf } from './titles';

const STEP = 24;

/** A menu of what can be done with a column, opened over the table beside its head. */
export interface ColumnMenu {
  readonly element: HTMLElement;
  readonly dispose: Undo;
}

/**
 * Opens on a right click on a head of `grid`, or the keyboard's menu key there. `shown` tells which columns are shown, in
 * order.
 */
export function columnMenu(page: Page, grid: HTMLElement, shown: () => readonly Column[]): ColumnMenu {
  const list = menuList('Column');
  list.hidden = true;
  let opener: HTMLElement | null = null;
  let stopShowing: Undo = () => undefined;
  const close = (isBack: boolean): void => {
    stopShowing();
    stopShowing = () => undefined;
    list.hidden = true;
    if (isBack) {
      opener?.focus();
    }
  };
  const open = (head: HTMLElement, key: string): void => {
    const column = page.table.value.columns.find((one) => one.key === key);
    if (column === undefined) {
      return;
    }
    close(false);
    opener = head.querySelector('button');
    const choose = (entry: Choice): MenuEntry => ({
      ...entry,
      act: () => {
        close(true);
        page.state.value = entry.change(page.state.value);
      },
    });
    list.setAttribute('aria-label', titleOf(column));
    list.show(choices(page, column, head.offsetWidth, shown()).map(choose));
    list.hidden = false;
    stopShowing = showOver(list, head);
    list.querySelector('button')?.focus();
  };
  const openAt = (event: MouseEvent): void => {
    const head = event.target instanceof Element ? event.target.closest<HTMLElement>('th[data-key]') : null;
    if (head?.dataset['key']) {
      event.preventDefault();
      event.stopPropagation();
      open(head, head.dataset['key']);
    }
  };
  const closeOutside = ({ target }: Event): void => {
    if (target instanceof Node && !list.contains(target)) {
      close(false);
    }
  };
  list.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      close(true);
    }
  });
  grid.addEventListener('contextmenu', openAt);
  document.addEventListener('pointerdown', closeOutside);
  const dispose = undoAll([
    () => stopShowing(),
    () => grid.removeEventListener('contextmenu', openAt),
    () => document.removeEventListener('pointerdown', closeOutside),
  ]);
  return { element: list, dispose };
}

type Choice = Omit<MenuEntry, 'act'> & { readonly change: (state: ViewState) => ViewState };

function choices({ table, state }: Page, column: Column, width: number, shown: readonly Column[]): Choice[] {
  const { key } = column;
  const keys = shown.map((one) => one.key);
  const sort = (descending: boolean) => (now: ViewState) => withSorts(now, [{ key, descending }]);
  const reorder = (by: -1 | 1) => (now: ViewState) => ({ ...now, columns: shiftColumn(keys, key, by) });
  const isNumber = column.kind === 'number';
  const formats = FORMATS.map(({ format, label }) => ({
    label,
    isChosen: (state.value.formats?.[key] ?? null) === format,
    change: (now: ViewState) => withFormat(now, key, format),
  }));
  return [
    { label: 'Sort ascending', change: sort(false) },
    { label: 'Sort descending', change: sort(true) },
    ...(groupableColumns(table.value).includes(column)
      ? [{ label: 'Group by it', change: (now: ViewState) => ({ ...now, group_by: key, open_groups: [] }) }]
      : []),
    ...(key === NAME_KEY
      ? []
      : [
          { label: 'Hide', change: (now: ViewState) => ({ ...now, columns: keys.filter((one) => one !== key) }) },
          { label: 'Move left', change: reorder(-1) },
          { label: 'Move right', change: reorder(1) },
        ]),
    { label: 'Wider', change: (now) => withWidth(now, key, width + STEP) },
    { label: 'Narrower', change: (now) => withWidth(now, key, width - STEP) },
    ...(isNumber ? formats : []),
  ];
}
