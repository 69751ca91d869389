import { make } from '../elements';
import type { Page } from '../view';
import type { Column, RunTable, Sort } from '../wire';
import { widthHandle } from './column-width';
import type { ColumnWindow } from './column-window';
import { differs, moveColumn, NAME_KEY } from './columns';
import { spaced } from './rows';
import { nextSorts, sortsOf, withSorts } from './sorting';
import { isSpark, sparkMetric } from './sparklines';
import { titleOf, titleParts } from './titles';

const GOALS = {
  min: { arrow: '↓', words: 'lower is better' },
  max: { arrow: '↑', words: 'higher is better' },
} as const;

const INFERRED = '(inferred from the name; ts.metric says otherwise)';

const DRAGGED = 'application/x-trackside-column';

/**
 * The head of the table, with the columns in sight: a click on a name sorts, with Shift by one more column, dragging it
 * reorders, the box ticks all `runs`.
 */
export function headerRow(
  page: Page,
  columns: readonly Column[],
  window: ColumnWindow,
  runs: readonly string[],
): HTMLElement {
  const name = page.table.value.columns.find((column) => column.key === 'run:name');
  const line = make(
    'div',
    { class: 'trackside-name-line' },
    tickAll(page, runs),
    name ? sortButton(page, name) : 'run',
  );
  const first = make(
    'th',
    { scope: 'col', class: 'trackside-name', 'data-key': 'run:name', 'aria-sort': sortWord(page, 'run:name') },
    line,
    widthHandle(page, NAME_KEY),
  );
  const others = columns.slice(window.first, window.end).map((column, at) => {
    const head = isSpark(column) ? sparkHead(page, column) : columnHead(page, column, columns);
    head.setAttribute('aria-colindex', String(window.first + at + 2));
    return head;
  });
  const cells = spaced(others, window.first, columns.length - window.end, 'th');
  return make('tr', { 'aria-rowindex': '1' }, first, ...cells);
}

function sparkHead({ table }: Page, { name }: Column): HTMLElement {
  const title = `${sparkMetric(table.value)} over its steps, in each run from its own lowest to its own highest`;
  return make('th', { scope: 'col', class: 'trackside-spark-head', title }, name);
}

function columnHead(page: Page, column: Column, columns: readonly Column[]): HTMLElement {
  const head = make(
    'th',
    {
      scope: 'col',
      draggable: 'true',
      'aria-sort': sortWord(page, column.key),
      'data-key': column.key,
      'data-group': column.group,
      'data-kind': column.kind,
      'data-constant': !differs(column) && page.table.value.run_ids.length > 1,
      title: describe(column, page.table.value),
    },
    sortButton(page, column),
    widthHandle(page, column.key),
  );
  head.addEventListener('dragstart', (event) => event.dataTransfer?.setData(DRAGGED, column.key));
  head.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes(DRAGGED)) {
      event.preventDefault();
    }
  });
  head.addEventListener('drop', (event) => {
    const dragged = event.dataTransfer?.getData(DRAGGED);
    if (dragged) {
      event.preventDefault();
      const keys = page.state.value.columns ?? columns.map(({ key }) => key);
      page.state.value = { ...page.state.value, columns: moveColumn(keys, dragged, column.key) };
    }
  });
  return head;
}

function sortButton(page: Page, column: Column): HTMLElement {
  const sorts = sortsOf(page.state.value);
  const place = sorts.findIndex(({ key }) => key === column.key);
  const arrow = place < 0 ? '' : ` ${sorts[place]?.descending ? '▼' : '▲'}${sorts.length > 1 ? place + 1 : ''}`;
  const goal = column.goal
    ? make('span', { class: 'trackside-goal', 'data-given': column.goal_is_given ?? false }, GOALS[column.goal].arrow)
    : '';
  const [owner, own] = titleParts(column);
  return make(
    'button',
    {
      type: 'button',
      class: 'trackside-sort',
      click: (event) => {
        const adds = (event as MouseEvent).shiftKey;
        page.state.value = withSorts(page.state.value, nextSorts(column, sortsOf(page.state.value), adds));
      },
    },
    goal,
    ...(owner === '' ? [] : [make('span', { class: 'trackside-owner' }, owner)]),
    make('span', { class: 'trackside-label' }, own),
    make('span', { class: 'trackside-arrow', 'aria-hidden': 'true' }, arrow),
  );
}

function tickAll({ selection }: Page, runs: readonly string[]): HTMLElement {
  const ticked = runs.filter((run) => selection.ticked.value.has(run)).length;
  const box = make('input', { type: 'checkbox', 'aria-label': 'Tick all shown runs', title: 'Tick all shown runs' });
  box.checked = ticked > 0 && ticked === runs.length;
  box.indeterminate = ticked > 0 && ticked < runs.length;
  box.addEventListener('change', () => {
    selection.ticked.value = new Set(box.checked ? runs : []);
  });
  return box;
}

function sortWord(page: Page, key: string): string {
  const sort = sortsOf(page.state.value).find((one: Sort) => one.key === key);
  return sort === undefined ? 'none' : sort.descending ? 'descending' : 'ascending';
}

/** What a column is, what is known of a metric and whence, and what can be done with it. */
export function describe(column: Column, table: RunTable): string {
  const name = `${column.group === 'run' ? '' : `${column.group} `}${titleOf(column)}`;
  const isMain = column.goal && column.key === table.main;
  const facts = [
    ...(isMain ? [{ text: 'main metric', isGiven: table.main_is_given ?? false }] : []),
    ...(column.goal ? [{ text: GOALS[column.goal].words, isGiven: column.goal_is_given ?? false }] : []),
  ];
  const [given, inferred] = [facts.filter((fact) => fact.isGiven), facts.filter((fact) => !fact.isGiven)].map((some) =>
    some.map(({ text }) => text).join(', '),
  );
  const told = [given, inferred && `${inferred} ${INFERRED}`].filter(Boolean).join(', ');
  return `${name}${told && `: ${told}`}\nClick to sort, Shift-click to sort by it as well, drag to move, right-click for more`;
}
