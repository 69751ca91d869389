import { make, makeSvg } from '../elements';

/** One line in the legend. */
export interface LegendEntry {
  readonly id: string;
  readonly name: string;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly shown: boolean;
  readonly pinned: boolean;
}

/** What people do in a legend. */
export interface LegendEvents {
  toggle(id: string): void;
  hover(id: string | null): void;
}

/** Nobody reads more, and making them takes longer than drawing their lines. */
const MOST_NAMES = 60;

/** The names of the lines, each a button that hides its line. */
export class Legend {
  readonly element: HTMLElement;
  readonly #events: LegendEvents;
  readonly #buttons = new Map<string, HTMLElement>();
  #before = '';

  constructor(events: LegendEvents) {
    this.#events = events;
    this.element = make('div', {
      class: 'trackside-legend',
      role: 'group',
      'aria-label': 'Lines',
      mouseleave: () => events.hover(null),
    });
  }

  /** Shows entries; nothing is made anew while they stay the same, so that the keyboard's focus stays too. */
  show(entries: readonly LegendEntry[]): void {
    const now = JSON.stringify(entries);
    if (now === this.#before) {
      return;
    }
    this.#before = now;
    const focused = [...this.#buttons].find(([, button]) => button === document.activeElement)?.[0];
    this.#buttons.clear();
    for (const entry of entries.slice(0, MOST_NAMES)) {
      this.#buttons.set(entry.id, this.#button(entry));
    }
    this.element.replaceChildren(...this.#buttons.values());
    if (entries.length > MOST_NAMES) {
      this.element.append(make('span', { class: 'trackside-note' }, `and ${entries.length - MOST_NAMES} more`));
    }
    this.#buttons.get(focused ?? '')?.focus();
  }

  highlight(id: string | null): void {
    this.element.querySelector('.trackside-focused')?.classList.remove('trackside-focused');
    this.#buttons.get(id ?? '')?.classList.add('trackside-focused');
  }

  #button(entry: LegendEntry): HTMLElement {
    const hover = (): void => this.#events.hover(entry.id);
    return make(
      'button',
      {
        type: 'button',
        title: `${entry.name}${entry.pinned ? ' (pinned)' : ''}: click to ${entry.shown ? 'hide' : 'show'}`,
        'aria-pressed': String(entry.shown),
        click: () => this.#events.toggle(entry.id),
        mouseenter: hover,
        focus: hover,
        blur: () => this.#events.hover(null),
      },
      swatch(entry),
      make('span', {}, entry.pinned ? `◆ ${entry.name}` : entry.name),
    );
  }
}

function swatch({ colour, dash, pinned }: LegendEntry): SVGElement {
  const width = pinned ? 3 : 2;
  return makeSvg(
    'svg',
    { width: '20', height: '8', 'aria-hidden': 'true' },
    makeSvg('line', {
      x1: '0',
      y1: '4',
      x2: '20',
      y2: '4',
      stroke: colour,
      'stroke-width': String(width),
      'stroke-dasharray': dash.map((length) => length * 1.5).join(' ') || 'none',
    }),
  );
}
