import { runColour } from '../colours';
import type { Observable } from '../observable';
import { runName } from '../runs';
import type { Page } from '../view';
import { formatX } from './axes';
import type { HistoryChart } from './chart';
import type { Window } from './line-painter';
import { position, valueAt } from './line-painter';
import type { DrawnLine, Extent } from './lines';
import type { Reading } from './readout';
import { excerpt, nearestRun, readAt } from './readout';
import { ReadoutBox } from './readout-box';

/** How near, in pixels, a line must be to be the one pointed at, and its end to be read. */
const REACH = 24;
const TOLERANCE = 12;
const MOST_ROWS = 12;
const KEY_STEP = 10;
const KEY_ZOOM = 0.6;

/** Reading values off a chart, with the pointer or with keys. */
export class Pointing {
  lines: readonly DrawnLine[] = [];
  readonly #box = new ReadoutBox();
  readonly #page: Page;
  readonly #chart: HistoryChart;
  readonly #zoom: Observable<Extent | null>;
  #place: { readonly left: number; readonly top: number } | null = null;
  #readings: readonly Reading[] = [];

  constructor(page: Page, chart: HistoryChart, plot: HTMLElement, zoom: Observable<Extent | null>) {
    this.#page = page;
    this.#chart = chart;
    this.#zoom = zoom;
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
    const { hovered } = this.#page.selection;
    const window = this.#chart.window;
    const left = this.#place !== null;
    this.#place = place;
    if (place === null || window === null) {
      this.#box.hide();
      if (left) {
        hovered.value = null;
      }
      return;
    }
    this.#readings = this.#read(place.left, window);
    const nearest = nearestRun(this.#readings, (reading) => distance(reading, place.top, window), REACH);
    if (nearest === hovered.value) {
      this.highlight(nearest);
    } else {
      hovered.value = nearest;
    }
  }

  /** Shows the read-out anew, with this run picked out. */
  highlight(run: string | null): void {
    const window = this.#chart.window;
    const over = this.#chart.over;
    if (this.#place === null || window === null || over === null || this.#readings.length === 0) {
      this.#box.hide();
      return;
    }
    const table = this.#page.table.value;
    const x = valueAt(this.#place.left, window.x, window.logX, window.width);
    this.#box.show(this.#title(x, run), excerpt(this.#readings, run, MOST_ROWS), run, (id) => ({
      name: runName(id, table),
      colour: runColour(id, table),
    }));
    const { offsetLeft, offsetTop } = over;
    this.#box.place(
      offsetLeft + this.#place.left,
      offsetTop + this.#place.top,
      offsetLeft + window.width,
      window.height,
    );
  }

  /** The x of the point looked at, rather than the pointer's own. */
  #title(x: number, run: string | null): string {
    const looked = this.#readings.find((reading) => reading.run === run) ?? this.#readings[0];
    return formatX(looked?.x ?? x, this.#page.state.value.x ?? 'step');
  }

  #read(left: number, window: Window): Reading[] {
    const at = (pixel: number): number => valueAt(pixel, window.x, window.logX, window.width);
    return readAt(this.lines, at(left), at(left + TOLERANCE) - at(left));
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
        this.#zoom.value = null;
      },
      Escape: () => this.point(null),
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
    if (window !== null && (factor < 1 || this.#zoom.value !== null)) {
      const at = (pixel: number): number => valueAt(pixel, window.x, window.logX, window.width);
      this.#zoom.value = [at(around - around * factor), at(around + (window.width - around) * factor)];
    }
  }
}

function distance(reading: Reading, top: number, window: Window): number {
  const y = window.height - position(reading.drawn, window.y, window.logY, window.height);
  return Number.isFinite(y) ? Math.abs(y - top) : Number.POSITIVE_INFINITY;
}
