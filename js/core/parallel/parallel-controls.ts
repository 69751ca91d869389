import { brushesOf } from '../axes/brushes';
import { colourChoices, legendParts } from '../axes/colour-legend';
import type { ColourLegend } from '../axes/colouring';
import { axisColumns } from '../axes/columns';
import { chooser } from '../controls';
import { make } from '../elements';
import type { Axis, Column, RunTable } from '../wire';

/** What people do in the toolbar. */
export interface ParallelEvents {
  colourBy(key: string): void;
  showAxis(key: string, shown: boolean): void;
  defaultAxes(): void;
  orderByImportance(): void;
  clearBrushes(): void;
}

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
  readonly #said = make('span', { class: 'trackside-note', role: 'status' });
  #listed = '';
  #shown: readonly unknown[] = [];

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
      this.#said,
    );
  }

  /** Tells how the last thing asked for goes; the empty text is nothing. */
  say(text: string): void {
    this.#said.textContent = text;
  }

  show(
    table: RunTable,
    axes: readonly Axis[],
    colour: string,
    legend: ColourLegend | null,
    count: string | null,
  ): void {
    this.#clear.hidden = axes.every((axis) => brushesOf(axis).length === 0);
    this.#count.textContent = count;
    const keys = axes.map((axis) => axis.key);
    const shown = [table, colour, legend, keys.join('\n')];
    // A brush that moves changes none of it.
    if (shown.some((part, at) => part !== this.#shown[at])) {
      this.#shown = shown;
      this.#colour.show({ value: colour, choices: colourChoices(table) });
      this.#legend.replaceChildren(...(legend === null ? [] : legendParts(legend)));
      this.#showList(axisColumns(table), new Set(keys));
    }
  }

  #showList(columns: readonly Column[], shown: ReadonlySet<string>): void {
    const now = JSON.stringify([columns.map(({ key, name }) => [key, name]), [...shown].sort()]);
    if (now === this.#listed) {
      return;
    }
    this.#listed = now;
    const focused = this.#list.contains(document.activeElement) ? document.activeElement?.getAttribute('name') : null;
    const button = (text: string, title: string, act: () => void): HTMLElement => {
      const click = (): void => {
        this.#menu.open = false;
        act();
      };
      return make('button', { type: 'button', title, click }, text);
    };
    this.#list.replaceChildren(
      ...columns.map((column) => this.#item(column, shown.has(column.key))),
      button('order by importance', 'Put the params that tell most of the main metric next to it', () =>
        this.#events.orderByImportance(),
      ),
      button('default axes', 'Choose the axes and their order from the data again', () => this.#events.defaultAxes()),
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
