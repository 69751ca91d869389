import { isBrushed } from '../axes/brushes';
import { colourChoices, legendParts } from '../axes/colour-legend';
import { drawableColumns } from '../axes/columns';
import type { Choice } from '../controls';
import { toggle } from '../controls';
import { make } from '../elements';
import { longChooser } from '../long-chooser';
import { undoAll } from '../undo';
import type { RunTable } from '../wire';
import { hasFront, type Scene } from './scene';

/** What people do in the toolbar. */
export interface ScatterEvents {
  axis(side: 'x' | 'y', key: string): void;
  log(side: 'x' | 'y', log: boolean): void;
  swap(): void;
  colourBy(key: string): void;
  sizeBy(key: string | null): void;
  front(shown: boolean): void;
  clearBox(): void;
}

const NO_SIZE = '';

/** The toolbar of the scatter. */
export class ScatterControls {
  readonly element: HTMLElement;
  readonly #x;
  readonly #y;
  readonly #logX;
  readonly #logY;
  readonly #colour;
  readonly #size;
  readonly #front;
  readonly #legend = make('span', { class: 'trackside-colour-legend' });
  readonly #clear: HTMLButtonElement;
  readonly #note = make('span', { class: 'trackside-note', role: 'status' });

  constructor(events: ScatterEvents) {
    this.#x = longChooser('x axis', (key) => events.axis('x', key));
    this.#y = longChooser('y axis', (key) => events.axis('y', key));
    this.#logX = toggle('log', 'Logarithmic x axis', (pressed) => events.log('x', pressed));
    this.#logY = toggle('log', 'Logarithmic y axis', (pressed) => events.log('y', pressed));
    this.#colour = longChooser('Colour by', (key) => events.colourBy(key));
    this.#size = longChooser('Size by', (key) => events.sizeBy(key === NO_SIZE ? null : key));
    const front = 'The Pareto front: the runs that no other beats on both axes';
    this.#front = toggle('front', front, (pressed) => events.front(pressed));
    const button = (text: string, title: string, click: () => void): HTMLButtonElement =>
      make('button', { type: 'button', title, click }, text);
    this.#clear = button('clear box', 'Take the box away (Escape)', () => events.clearBox());
    const group = (...parts: (HTMLElement | string)[]): HTMLElement =>
      make('span', { class: 'trackside-scatter-group' }, ...parts);
    this.element = make(
      'div',
      { class: 'trackside-toolbar', role: 'toolbar', 'aria-label': 'Scatter' },
      group('y ', this.#y.element, this.#logY.element),
      button('⇄', 'Swap the axes', () => events.swap()),
      group('x ', this.#x.element, this.#logX.element),
      group('colour ', this.#colour.element, this.#legend),
      group('size ', this.#size.element),
      this.#front.element,
      this.#clear,
      this.#note,
    );
  }

  dispose(): void {
    undoAll([this.#x, this.#y, this.#colour, this.#size].map(({ dispose }) => dispose))();
  }

  /** Shows what is drawn; `front` is whether the Pareto front is wanted, `note` what else is to be said. */
  show(scene: Scene, colour: string, front: boolean, note: string): void {
    const { table, x, y, size, colouring } = scene;
    const choices = drawableColumns(table).map(({ key, name }) => ({ value: key, label: name }));
    for (const [chooserOf, log, axis] of [
      [this.#x, this.#logX, x],
      [this.#y, this.#logY, y],
    ] as const) {
      chooserOf.show({ value: axis.axis.key, choices });
      log.show(axis.scale.log);
      log.element.hidden = !axis.scale.canLog;
    }
    this.#colour.show({ value: colour, choices: colourChoices(table) });
    this.#size.show({
      value: size?.column.key ?? NO_SIZE,
      choices: [{ value: NO_SIZE, label: 'all alike' }, ...sizes(table)],
    });
    this.#legend.replaceChildren(...legendParts(colouring.legend));
    this.#front.show(front);
    this.#front.element.hidden = !hasFront(scene);
    this.#clear.hidden = !isBrushed([x, y]);
    this.#note.textContent = note;
  }
}

function sizes(table: RunTable): Choice[] {
  const numbers = drawableColumns(table).filter(({ kind }) => kind === 'number');
  return numbers.map(({ key, name }) => ({ value: key, label: name }));
}
