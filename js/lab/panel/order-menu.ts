import type { TranslationBundle } from '@jupyterlab/translation';
import { chooser } from '../../core/controls';
import { make } from '../../core/elements';
import { longChooser } from '../../core/long-chooser';
import { popover } from '../../core/popover';
import { findColumn } from '../../core/runs';
import { hasWords } from '../../core/search';
import { titleOf } from '../../core/table/titles';
import { type Undo, undoAll } from '../../core/undo';
import type { Page } from '../../core/view';
import type { Column, RunTable, Sort } from '../../core/wire';
import { shownColumns } from './list-rows';

/** What the menu shows and changes; see `PanelState`. */
export interface OrderChoice {
  readonly sort: Sort | null;
  readonly shown: readonly string[] | null;
}

/** The order that holds while none is chosen. */
const NEWEST: Sort = { key: 'run:started_at', descending: true };
const OWN = ['run:started_at', 'run:duration', 'run:name'] as const;
const ARROWS = { min: '↓ ', max: '↑ ' } as const;

/** A button that says how the list is sorted and what its rows show, and opens where both are chosen. */
export function orderMenu(
  page: Page,
  read: () => OrderChoice,
  change: (choice: Partial<OrderChoice>) => void,
  trans: TranslationBundle,
): { element: HTMLElement; show: () => void; dispose: Undo } {
  const own: Record<(typeof OWN)[number], string> = {
    'run:started_at': trans.__('when it began'),
    'run:duration': trans.__('duration'),
    'run:name': trans.__('name'),
  };
  const sort = (wanted: Sort): void =>
    change({ sort: wanted.key === NEWEST.key && wanted.descending === NEWEST.descending ? null : wanted });
  const by = longChooser(trans.__('Sort by'), (key) => sort({ key, descending: bestIsHigh(page.table.value, key) }));
  const way = chooser(trans.__('Order'), (value) =>
    sort({ key: (read().sort ?? NEWEST).key, descending: value === 'down' }),
  );
  const search = make('input', {
    type: 'search',
    placeholder: trans.__('Find'),
    'aria-label': trans.__('Find a value'),
  });
  const list = make('ul', { 'aria-label': trans.__('Values that rows show') });
  const panel = make(
    'div',
    {
      class: 'trackside-popup trackside-facets trackside-order',
      role: 'dialog',
      'aria-label': trans.__('Sort and show'),
    },
    make('div', { class: 'trackside-facet' }, title(trans.__('Sort by')), by.element, title(''), way.element),
    make('div', { class: 'trackside-facet' }, title(trans.__('Show')), search),
    list,
  );
  /** The chosen values go first as it opens; none moves away from under the pointer while it is open. */
  let first: readonly string[] = [];
  const menu = popover('', '', panel, () => {
    first = shown();
    show();
    return by.element.querySelector('select');
  });
  const shown = (): string[] => shownColumns(page.table.value, read().shown).map(({ key }) => key);
  const item = (column: Column, chosen: readonly string[]): HTMLElement => {
    const others = chosen.filter((key) => key !== column.key);
    const box = make('input', {
      type: 'checkbox',
      change: () => change({ shown: box.checked ? [...others, column.key] : others }),
    });
    box.checked = others.length < chosen.length;
    const words = make('span', { class: 'trackside-label' }, titleOf(column));
    return make('li', {}, make('label', { title: titleOf(column) }, box, words, make('small', {}, column.group)));
  };
  const show = (): void => {
    const { value: table } = page.table;
    const chosen = shown();
    const text = buttonText(table, read(), own);
    menu.button.textContent = `${text} ▾`;
    menu.button.setAttribute('aria-label', trans.__('Sort and show: %1', text));
    menu.button.title = trans.__('Sort the runs, and choose what their rows show');
    if (panel.hidden) {
      return;
    }
    const { key, descending = false } = read().sort ?? NEWEST;
    const of = (wanted: Column['group']): Column[] => table.columns.filter(({ group }) => group === wanted);
    const results = [...of('metric'), ...of('param')];
    const gone = key in own || findColumn(table, key) ? [] : [{ value: key, label: key.slice(key.indexOf(':') + 1) }];
    by.show({
      value: key,
      choices: [
        ...OWN.map((value) => ({ value, label: own[value] })),
        ...results.map((column) => ({ value: column.key, label: titleOf(column) })),
        ...gone,
      ],
    });
    const [up, down] = waysOf(findColumn(table, key), key, trans);
    const ways = [
      { value: 'up', label: up },
      { value: 'down', label: down },
    ];
    way.show({ value: descending ? 'down' : 'up', choices: bestIsHigh(table, key) ? ways.reverse() : ways });
    const place = ({ key: own }: Column): number => (first.includes(own) ? first.indexOf(own) : first.length);
    const found = results.filter((column) => hasWords(titleOf(column), search.value));
    const at = [...list.querySelectorAll('input')].indexOf(document.activeElement as HTMLInputElement);
    list.replaceChildren(...found.sort((a, b) => place(a) - place(b)).map((column) => item(column, chosen)));
    list.querySelectorAll('input')[at]?.focus();
  };
  search.addEventListener('input', show);
  show();
  return { element: menu.element, show, dispose: undoAll([menu.dispose, by.dispose]) };
}

/** Whether high values go first: the better ones, and what began last. */
function bestIsHigh(table: RunTable, key: string): boolean {
  return key === NEWEST.key || findColumn(table, key)?.goal === 'max';
}

/** What the order up from the lowest value is called, and that down from the highest. */
function waysOf(column: Column | undefined, key: string, trans: TranslationBundle): [string, string] {
  const [best, worst] = [trans.__('best first'), trans.__('worst first')];
  if (column?.goal != null) {
    return column.goal === 'min' ? [best, worst] : [worst, best];
  }
  if (key === NEWEST.key) {
    return [trans.__('oldest first'), trans.__('newest first')];
  }
  if (key === 'run:duration') {
    return [trans.__('shortest first'), trans.__('longest first')];
  }
  return column?.kind === 'text' || column?.kind === 'bool'
    ? [trans.__('from A to Z'), trans.__('from Z to A')]
    : [trans.__('lowest first'), trans.__('highest first')];
}

/** "↓ val_loss", the first value that rows show; with what they are sorted by, where that is another: "lr · ↓ val_loss". */
function buttonText(table: RunTable, { sort, shown }: OrderChoice, own: Readonly<Record<string, string>>): string {
  const [first] = shownColumns(table, shown);
  const spell = (column: Column | undefined): string =>
    column ? `${column.goal ? ARROWS[column.goal] : ''}${column.name}` : '';
  const by = sort === null || sort.key === first?.key ? '' : (own[sort.key] ?? spell(findColumn(table, sort.key)));
  return [by, spell(first)].filter(Boolean).join(' · ');
}

function title(text: string): HTMLElement {
  return make('span', { class: 'trackside-facet-title' }, text);
}
