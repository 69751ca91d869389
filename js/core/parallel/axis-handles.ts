import type { ScaledAxis } from '../axes/brushes';
import type { AxisEvents } from './axis-handle';
import { AxisHandle, axisName } from './axis-handle';
import { type Layout, type NamePlace, placeNames } from './layout';

const NAME_PADDING = 8;
const NOWHERE = { left: 0, top: 0, width: 0 };

/** The handles of all axes, each kept while its axis is there, so that a drag and the keyboard's focus last. */
export class AxisHandles {
  readonly #parent: HTMLElement;
  readonly #events: AxisEvents;
  readonly #ruler = document.createElement('canvas').getContext('2d');
  readonly #handles = new Map<string, AxisHandle>();
  #placed: { layout: Layout | null; names: string } = { layout: null, names: '' };
  #places: readonly NamePlace[] = [];

  constructor(parent: HTMLElement, events: AxisEvents) {
    this.#parent = parent;
    this.#events = events;
  }

  /** Shows axes; `settled` is false during a drag, when elements must not be moved in the page. */
  show(axes: readonly ScaledAxis[], layout: Layout, settled: boolean): void {
    const wanted = new Set(axes.map(({ axis }) => axis.key));
    for (const [key, handle] of this.#handles) {
      if (!wanted.has(key)) {
        handle.element.remove();
        this.#handles.delete(key);
      }
    }
    this.#placeNames(axes, layout);
    const handles = axes.map((axis, at) => {
      const handle = this.#handleOf(axis, layout);
      handle.show(axis, layout, layout.xs[at] ?? 0, this.#places[at] ?? NOWHERE);
      return handle;
    });
    if (settled) {
      this.#order(handles.map((handle) => handle.element));
    }
  }

  /** Keeps the places while neither names nor layout change, as while a brush moves. */
  #placeNames(axes: readonly ScaledAxis[], layout: Layout): void {
    const names = axes.map(axisName);
    if (layout !== this.#placed.layout || names.join('\n') !== this.#placed.names) {
      this.#placed = { layout, names: names.join('\n') };
      this.#places = placeNames(
        layout,
        names.map((name) => this.#textWidth(name)),
      );
    }
  }

  /** Measured on a canvas, for elements would have to be laid out first. */
  #textWidth(name: string): number {
    if (this.#ruler !== null) {
      this.#ruler.font = `600 12px ${getComputedStyle(this.#parent).fontFamily}`;
    }
    return (this.#ruler?.measureText(name).width ?? 0) + NAME_PADDING;
  }

  #handleOf(axis: ScaledAxis, layout: Layout): AxisHandle {
    const { key } = axis.axis;
    const handle = this.#handles.get(key) ?? new AxisHandle(axis, layout, this.#events);
    if (!this.#handles.has(key)) {
      this.#handles.set(key, handle);
      this.#parent.append(handle.element);
    }
    return handle;
  }

  /** The order in the page is the order of the Tab key. */
  #order(elements: readonly HTMLElement[]): void {
    const now = [...this.#parent.children].filter((child) => elements.includes(child as HTMLElement));
    if (elements.some((element, at) => element !== now[at])) {
      const focused = document.activeElement;
      this.#parent.append(...elements);
      if (focused instanceof HTMLElement) {
        focused.focus();
      }
    }
  }
}
