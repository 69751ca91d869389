import type { Choice } from '../controls';
import { chooser } from '../controls';
import { make } from '../elements';
import type { Axis, Column, RunTable } from '../wire';
import type { ColourLegend } from './colouring';
import { BY_RUN } from './colouring';
import { axisColumns } from './default-axes';

/** What people do in the toolbar. */
export interface ParallelEvents {
  colourBy(key: string): void;
  showAxis(key: string, shown: boolean): void;
  defaultAxes(): void;
  clearBrushes(): void;
}

const MOST_ENTRIES = 8;

/** The toolbar of the parallel coordinates. */
export class ParallelControls {
  readonly element: HTMLElement;
  readonly #events: ParallelEvents;
  readonly #colour;
  readonly #legend = make('span', { class: 'trackside-colour-legend' });
  readonly #list = make('div', { class: 'trackside-menu-list' });
  readonly #menu: HTMLDetailsElement;
  readonly #clear: HTMLButtonElement;
  readonly #count = make('span', { class: 'trackside-note', role: 'status' });
  #listed = '';

  constructor(events: ParallelEvents) {
    this.#events = events;
    this.#colour = chooser('Colour by', (key) => events.colourBy(key));
    const title = 'Choose which params and metrics are axes';
    this.#menu = make('details', { class: 'trackside-menu' }, make('summary', { title }, 'axes'), this.#list);
    closeWhenLeft(this.#menu);
    this.#clear = make(
      'button',
      { type: 'button', title: 'Take all brushes away', click: () => events.clearBrushes() },
      'clear brushes',
    );
    this.element = make(
      'div',
      { class: 'trackside-toolbar', role: 'toolbar', 'aria-label': 'Parallel coordinates' },
      this.#menu,
      make('label', {}, 'colour ', this.#colour.element),
      this.#legend,
      this.#clear,
      this.#count,
    );
  }

  show(
    table: RunTable,
    axes: readonly Axis[],
    colour: string,
    legend: ColourLegend | null,
    count: string | null,
  ): void {
    this.#colour.show({ value: colour, choices: colourChoices(table) });
    this.#legend.replaceChildren(...(legend === null ? [] : legendParts(legend)));
    this.#clear.hidden = axes.every((axis) => axis.brush == null);
    this.#count.textContent = count;
    this.#showList(axisColumns(table), new Set(axes.map((axis) => axis.key)));
  }

  #showList(columns: readonly Column[], shown: ReadonlySet<string>): void {
    const now = JSON.stringify([columns.map(({ key, name }) => [key, name]), [...shown].sort()]);
    if (now === this.#listed) {
      return;
    }
    this.#listed = now;
    const focused = this.#list.contains(document.activeElement) ? document.activeElement?.getAttribute('name') : null;
    const restore = (): void => this.#events.defaultAxes();
    this.#list.replaceChildren(
      ...columns.map((column) => this.#item(column, shown.has(column.key))),
      make('button', { type: 'button', title: 'Choose the axes from the data again', click: restore }, 'default axes'),
    );
    for (const input of this.#list.querySelectorAll('input')) {
      if (input.name === focused) {
        input.focus();
      }
    }
  }

  #item({ key, name, group }: Column, shown: boolean): HTMLElement {
    const box = make('input', {
      type: 'checkbox',
      name: key,
      checked: shown,
      change: () => this.#events.showAxis(key, box.checked),
    });
    return make('label', {}, box, make('span', { title: name }, name), make('small', {}, group));
  }
}

function colourChoices(table: RunTable): Choice[] {
  const columns = axisColumns(table).map((column) => ({ value: column.key, label: column.name }));
  return [...columns, { value: BY_RUN, label: 'each run its own' }];
}

function legendParts(legend: ColourLegend): HTMLElement[] {
  if (legend.kind === 'run') {
    return [];
  }
  if (legend.kind === 'scale') {
    const gradient = `background: linear-gradient(to right, ${legend.stops.join(', ')})`;
    const [low, high] = legend.ends;
    const label = `colours of ${legend.name}, from ${low} to ${high}`;
    return [
      make('span', {}, low),
      make('i', { class: 'trackside-gradient', style: gradient, role: 'img', 'aria-label': label, title: label }),
      make('span', {}, high),
    ];
  }
  const entries = legend.entries
    .slice(0, MOST_ENTRIES)
    .map(({ name, colour }) =>
      make('span', { class: 'trackside-colour-entry' }, make('i', { style: `background: ${colour}` }), name),
    );
  const more = legend.entries.length - entries.length;
  return more > 0 ? [...entries, make('span', {}, `+${more}`)] : entries;
}

/** A menu closes when the focus or a click goes elsewhere, and on Escape. */
function closeWhenLeft(menu: HTMLDetailsElement): void {
  menu.addEventListener('focusout', (event) => {
    if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) {
      menu.open = false;
    }
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      menu.open = false;
      menu.querySelector('summary')?.focus();
      event.stopPropagation();
    }
  });
  menu.addEventListener('toggle', () => {
    const done = new AbortController();
    const close = (event: PointerEvent): void => {
      if (!menu.isConnected || (event.target instanceof Node && !menu.contains(event.target))) {
        menu.open = false;
        done.abort();
      }
    };
    if (menu.open) {
      document.addEventListener('pointerdown', close, { signal: done.signal });
    }
  });
}
