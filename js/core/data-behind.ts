import './plain-table.css';
import './data-behind.css';
import { make } from './elements';

/** The numbers that a picture is made of, as text. */
export interface DrawnData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Of how many rows these are, and what a row is: "runs", "points". */
  readonly all: number;
  readonly unit: string;
}

/** So many rows are listed: more are for Python, not for eyes, ears or the clipboard. */
export const MOST_ROWS = 300;

/** What is drawn changes with every frame of a brush: the table follows once that rests. */
const SETTLE_MS = 250;

let tables = 0;

/**
 * A button below a picture that opens a table of the numbers drawn, for those who hear it, and to be copied. The table is
 * made when it is opened; `renew` tells that what is drawn may have changed.
 */
export class DataBehind {
  readonly element: HTMLDetailsElement;
  readonly #read: () => DrawnData | null;
  readonly #table = make('div', { class: 'trackside-data-scroll', role: 'region', tabindex: '0' });
  #drawn = 'null';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(picture: string, read: () => DrawnData | null) {
    this.#read = read;
    this.#table.setAttribute('aria-label', `Data of ${picture}`);
    const title = `The numbers of ${picture} as a table`;
    const id = `trackside-data-${++tables}`;
    const attributes = { class: 'trackside-data', id, toggle: () => this.#draw() };
    this.element = make('details', attributes, make('summary', { title }, 'Data'), this.#table);
  }

  /** Draws the table anew, if anybody looks at it. */
  renew(): void {
    clearTimeout(this.#timer);
    this.#timer = this.element.open ? setTimeout(() => this.#draw(), SETTLE_MS) : undefined;
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #draw(): void {
    const data = this.element.open ? this.#read() : null;
    const drawn = JSON.stringify(data);
    if (drawn === this.#drawn) {
      return; // a new table would lose what is selected in it, and where a screen reader is
    }
    this.#drawn = drawn;
    this.#table.replaceChildren(...(data === null ? [] : [dataTable(data)]));
  }
}

function dataTable({ columns, rows, all, unit }: DrawnData): HTMLElement {
  const count = (number: number): string => number.toLocaleString('en');
  const words = rows.length < all ? `${count(rows.length)} of ${count(all)} ${unit}` : `${count(all)} ${unit}`;
  const head = columns.map((name) => make('th', { scope: 'col' }, name));
  const body = rows.map((row) => make('tr', {}, ...row.map((text) => make('td', {}, text))));
  return make(
    'table',
    {},
    make('caption', {}, words),
    make('thead', {}, make('tr', {}, ...head)),
    make('tbody', {}, ...body),
  );
}
