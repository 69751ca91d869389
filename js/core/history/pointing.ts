import type { Observable } from '../observable';
import { formatX, type XAxis } from './axes';
import type { BestPoint } from './best-points';
import type { HistoryChart } from './chart';
import type { Look } from './groups';
import type { Window } from './line-painter';
import { position, valueAt } from './line-painter';
import type { DrawnLine, Extent } from './lines';
import type { Reading } from './readout';
import { excerpt, nearestLine, readAt } from './readout';
import { ReadoutBox } from './readout-box';

/** How near, in pixels, a line must be to be the one pointed at, and its end to be read. */
const REACH = 24;
const TOLERANCE = 12;
const MOST_ROWS = 12;
const ROW_HEIGHT = 16;
/** Of the read-out: its title, the best point, and how many rows are left out on both sides. */
const OTHER_ROWS = 5;
const KEY_STEP = 10;
const KEY_ZOOM = 0.6;

/** What is pointed at. */
export interface Shown {
  readonly lines: readonly DrawnLine[];
  readonly best: ReadonlyMap<string, BestPoint>;
  readonly x: XAxis;
  look(id: string): Look;
}

/** What pointing changes elsewhere. */
export interface PointingEvents {
  readonly zoom: Observable<Extent | null>;
  /** The line looked at. */
  focus(id: string | null): void;
  /** The pointer is at this x, or has left. */
  move(x: number | null): void;
}

/** Reading values off a chart, with the pointer or with keys. */
export class Pointing {
  shown: Shown | null = null;
  readonly #box = new ReadoutBox();
  readonly #chart: HistoryChart;
  readonly #events: PointingEvents;
  #place: { readonly left: number; readonly top: number } | null = null;
  #readings: readonly Reading[] = [];
  #isTelling = false;
  #beside: string | null = null;

  constructor(chart: HistoryChart, plot: HTMLElement, events: PointingEvents) {
    this.#chart = chart;
    this.#events = events;
    plot.addEventListener('keydown', (event) => {
      if (this.#press(event.key)) {
        event.preventDefault();
        event.stopPropagation();
      }
    });
    plot.addEventListener('blur', () => this.point(null));
  }

  get element(): HTMLElement {
    return this.#box.element;
  }

  /** The pointer is at this place of the plot area, or has left it. */
  point(place: { readonly left: number; readonly top: number } | null): void {
    const window = this.#chart.window;
    const left = this.#place !== null;
    this.#place = place;
    if (place === null || window === null || this.shown === null) {
      this.#box.hide();
      if (left) {
        this.#events.focus(null);
        this.#events.move(null);
      }
      return;
    }
    const at = (pixel: number): number => valueAt(pixel, window.x, window.logX, window.width);
    this.#readings = readAt(this.shown.lines, at(place.left), at(place.left + TOLERANCE) - at(place.left));
    const nearest = nearestLine(this.#readings, (reading) => distance(reading, place.top, window), REACH);
    this.#isTelling = true;
    this.#events.move(at(place.left));
    this.#events.focus(nearest);
    this.#isTelling = false;
    this.highlight(nearest);
  }

  /** Shows the read-out anew, with this line picked out, and how all stand to the one they are held against. */
  highlight(id: string | null, beside = this.#beside): void {
    this.#beside = beside;
    const { window, over } = this.#chart;
    if (this.#isTelling) {
      return; // It is laid out once, when all others know.
    }
    if (this.#place === null || window === null || over === null || !this.shown || this.#readings.length === 0) {
      this.#box.hide();
      return;
    }
    const { look, best, x: axis } = this.shown;
    // The x of the point looked at, rather than the pointer's own.
    const looked = this.#readings.find((reading) => reading.id === id) ?? this.#readings[0];
    const x = looked?.x ?? valueAt(this.#place.left, window.x, window.logX, window.width);
    this.#box.show({
      title: formatX(x, axis),
      excerpt: excerpt(this.#readings, id, rowsFor(window.height)),
      focused: id,
      against: this.#readings.find((reading) => reading.id === beside),
      best: best.get(id ?? ''),
      axis,
      look,
    });
    const { offsetLeft, offsetTop } = over;
    this.#box.place(
      offsetLeft + this.#place.left,
      offsetTop + this.#place.top,
      offsetLeft + window.width,
      window.height,
    );
  }

  #press(key: string): boolean {
    const { width, height } = this.#chart.area;
    const place = this.#place ?? { left: width / 2, top: height / 2 };
    const steps: Record<string, () => void> = {
      ArrowLeft: () => this.#move(place.left - KEY_STEP, place.top),
      ArrowRight: () => this.#move(place.left + KEY_STEP, place.top),
      ArrowUp: () => this.#move(place.left, place.top - KEY_STEP),
      ArrowDown: () => this.#move(place.left, place.top + KEY_STEP),
      '+': () => this.#scale(place.left, KEY_ZOOM),
      '-': () => this.#scale(place.left, 1 / KEY_ZOOM),
      '0': () => {
        this.#events.zoom.value = null;
      },
      ...(this.#place === null ? {} : { Escape: () => this.point(null) }),
    };
    const step = steps[key];
    step?.();
    return step !== undefined;
  }

  #move(left: number, top: number): void {
    const { width, height } = this.#chart.area;
    this.element.setAttribute('aria-live', 'polite');
    this.#chart.point(Math.min(Math.max(0, left), width), Math.min(Math.max(0, top), height));
  }

  #scale(around: number, factor: number): void {
    const window = this.#chart.window;
    const { zoom } = this.#events;
    if (window !== null && (factor < 1 || zoom.value !== null)) {
      const at = (pixel: number): number => valueAt(pixel, window.x, window.logX, window.width);
      zoom.value = [at(around - around * factor), at(around + (window.width - around) * factor)];
    }
  }
}

/** How many readings a chart has room for. */
function rowsFor(height: number): number {
  return Math.min(MOST_ROWS, Math.max(3, Math.floor(height / ROW_HEIGHT) - OTHER_ROWS));
}

function distance(reading: Reading, top: number, window: Window): number {
  const y = window.height - position(reading.drawn, window.y, window.logY, window.height);
  return Number.isFinite(y) ? Math.abs(y - top) : Number.POSITIVE_INFINITY;
}
