import { brushesOf, type ScaledAxis, takesMissing, withMissing } from '../axes/brushes';
import { followPointer } from '../drag';
import { make } from '../elements';
import type { Brush } from '../wire';
import { BrushStrip } from './brush-strip';
import type { Layout, NamePlace } from './layout';

/** What people do with an axis. */
export interface AxisEvents {
  /** `final` is false while it is being dragged. */
  brush(key: string, brushes: readonly Brush[], final: boolean): void;
  /** The axis is dragged to this x, in pixels of the drawing. */
  drag(key: string, x: number, final: boolean): void;
  shift(key: string, by: number): void;
  flip(key: string): void;
  toggleLog(key: string): void;
  remove(key: string): void;
}

const CLICK = 3;

/** The parts of an axis that people take hold of: its name, its buttons, and the strip where it is brushed. */
export class AxisHandle {
  readonly element: HTMLElement;
  readonly #key: string;
  readonly #events: AxisEvents;
  readonly #name: HTMLButtonElement;
  readonly #log: HTMLButtonElement;
  readonly #strip: BrushStrip;
  readonly #lane: HTMLButtonElement;
  #axis: ScaledAxis;
  #shown: readonly unknown[] = [];

  constructor(axis: ScaledAxis, layout: Layout, events: AxisEvents) {
    this.#key = axis.axis.key;
    this.#axis = axis;
    this.#events = events;
    this.#strip = new BrushStrip(axis, layout, (brushes, final) => {
      // What clears the strip clears the axis.
      const isTaken = brushes.length > 0 && takesMissing(this.#axis.axis);
      events.brush(this.#key, withMissing(brushes, isTaken), final);
    });
    const tool = (text: string, title: string, click: () => void): HTMLButtonElement =>
      make('button', { type: 'button', title, 'aria-label': title, tabindex: '-1', click }, text);
    const name = axis.scale.column.name;
    this.#name = make('button', { type: 'button', class: 'trackside-axis-name' });
    this.#log = tool('log', `${name}: logarithmic axis (L)`, () => events.toggleLog(this.#key));
    this.#lane = make('button', { type: 'button', class: 'trackside-axis-lane', click: () => this.#brushMissing() });
    const tools = make(
      'div',
      { class: 'trackside-axis-tools' },
      tool('⇅', `Flip ${name} (F)`, () => events.flip(this.#key)),
      this.#log,
      tool('×', `Remove the axis ${name} (Delete)`, () => events.remove(this.#key)),
    );
    this.element = make('div', { class: 'trackside-axis' }, this.#name, tools, this.#strip.element, this.#lane);
    this.#listen();
  }

  /** Moves the handle to where its axis is drawn and shows its brushes. */
  show(axis: ScaledAxis, layout: Layout, x: number, name: NamePlace): void {
    const shown = [axis.axis, axis.scale, layout, x, name];
    if (shown.every((part, at) => part === this.#shown[at])) {
      return;
    }
    this.#shown = shown;
    this.#axis = axis;
    this.element.style.transform = `translateX(${x}px)`;
    Object.assign(this.#name.style, { left: `${name.left - x}px`, top: `${name.top}px`, width: `${name.width}px` });
    this.#name.textContent = axisName(axis);
    this.#name.title = `${axis.scale.column.name}: drag or ←/→ to move, double-click or F to flip`;
    this.#log.hidden = !axis.scale.canLog;
    this.#log.setAttribute('aria-pressed', String(axis.scale.log));
    this.#strip.show(axis, layout);
    this.#showLane(layout);
  }

  #showLane({ lane }: Layout): void {
    const { axis, scale } = this.#axis;
    const words = `Runs without ${scale.column.name}`;
    this.#lane.hidden = scale.missing === 0;
    this.#lane.style.top = `${lane}px`;
    this.#lane.title = `${words}: click to brush them`;
    this.#lane.setAttribute('aria-label', words);
    this.#lane.setAttribute('aria-pressed', String(takesMissing(axis)));
  }

  #brushMissing(): void {
    const { axis } = this.#axis;
    this.#events.brush(this.#key, withMissing(brushesOf(axis), !takesMissing(axis)), true);
  }

  focusName(): void {
    this.#name.focus();
  }

  #listen(): void {
    this.#name.addEventListener('pointerdown', (event) => this.#dragName(event));
    this.#name.addEventListener('dblclick', () => this.#events.flip(this.#key));
    this.element.addEventListener('keydown', (event) => {
      if (this.#press(event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    });
  }

  #dragName(down: PointerEvent): void {
    const bounds = this.element.parentElement?.getBoundingClientRect();
    if (down.button !== 0 || bounds === undefined) {
      return;
    }
    let moved = false;
    followPointer(this.#name, down, (event, final) => {
      moved ||= Math.abs(event.clientX - down.clientX) > CLICK;
      if (moved) {
        this.#events.drag(this.#key, event.clientX - bounds.left, final);
      }
    });
  }

  #press(event: KeyboardEvent): boolean {
    const keys: Record<string, () => void> = {
      ArrowLeft: () => this.#events.shift(this.#key, -1),
      ArrowRight: () => this.#events.shift(this.#key, 1),
      f: () => this.#events.flip(this.#key),
      l: () => this.#events.toggleLog(this.#key),
      Delete: () => this.#events.remove(this.#key),
    };
    const hasModifier = event.metaKey || event.ctrlKey || event.altKey;
    const action = hasModifier ? undefined : (this.#strip.press(event) ?? keys[event.key]);
    action?.();
    return action !== undefined;
  }
}

/** What an axis is called; an arrow says that it is upside down. */
export function axisName({ axis, scale }: ScaledAxis): string {
  return axis.flipped ? `↓ ${scale.column.name}` : scale.column.name;
}
