import {
  brushedIntervals,
  brushOver,
  grownInterval,
  type Interval,
  movedInterval,
  type ScaledAxis,
} from '../axes/brushes';
import { followPointer } from '../drag';
import { make } from '../elements';
import { formatNumber } from '../numbers';
import type { Brush } from '../wire';
import type { Layout } from './layout';
import { type NamePlace, placeY, yPlace } from './layout';

/** What people do with an axis. */
export interface AxisEvents {
  /** `final` is false while it is being dragged. */
  brush(key: string, brush: Brush | null, final: boolean): void;
  /** The axis is dragged to this x, in pixels of the drawing. */
  drag(key: string, x: number, final: boolean): void;
  shift(key: string, by: number): void;
  flip(key: string): void;
  toggleLog(key: string): void;
  remove(key: string): void;
}

const EDGE = 5;
const CLICK = 3;
const KEY_MOVE = 0.05;
const FIRST_BRUSH: Interval = [0.25, 0.75];

/** The parts of an axis that people take hold of: its name, its buttons, and the strip where it is brushed. */
export class AxisHandle {
  readonly element: HTMLElement;
  readonly #key: string;
  readonly #events: AxisEvents;
  readonly #name: HTMLButtonElement;
  readonly #log: HTMLButtonElement;
  readonly #strip = make('div', { class: 'trackside-axis-strip', tabindex: '0', role: 'group' });
  #axis: ScaledAxis;
  #layout: Layout;

  constructor(axis: ScaledAxis, layout: Layout, events: AxisEvents) {
    this.#key = axis.axis.key;
    this.#events = events;
    this.#axis = axis;
    this.#layout = layout;
    const tool = (text: string, title: string, click: () => void): HTMLButtonElement =>
      make('button', { type: 'button', title, 'aria-label': title, tabindex: '-1', click }, text);
    const name = axis.scale.column.name;
    this.#name = make('button', { type: 'button', class: 'trackside-axis-name' });
    this.#log = tool('log', `${name}: logarithmic axis (L)`, () => events.toggleLog(this.#key));
    const tools = make(
      'div',
      { class: 'trackside-axis-tools' },
      tool('⇅', `Flip ${name} (F)`, () => events.flip(this.#key)),
      this.#log,
      tool('×', `Remove the axis ${name} (Delete)`, () => events.remove(this.#key)),
    );
    this.element = make('div', { class: 'trackside-axis' }, this.#name, tools, this.#strip);
    this.#listen();
  }

  /** Moves the handle to where its axis is drawn and shows its brush. */
  show(axis: ScaledAxis, layout: Layout, x: number, name: NamePlace): void {
    this.#axis = axis;
    this.#layout = layout;
    const title = axis.scale.column.name;
    const flipped = axis.axis.flipped ?? false;
    this.element.style.transform = `translateX(${x}px)`;
    Object.assign(this.#name.style, { left: `${name.left - x}px`, top: `${name.top}px`, width: `${name.width}px` });
    this.#name.textContent = axisName(axis);
    this.#name.title = `${title}: drag or ←/→ to move, double-click or F to flip`;
    this.#log.hidden = !axis.scale.canLog;
    this.#log.setAttribute('aria-pressed', String(axis.scale.log));
    Object.assign(this.#strip.style, { top: `${layout.top}px`, height: `${layout.bottom - layout.top}px` });
    this.#strip.setAttribute(
      'aria-label',
      `${title}: ${describeBrush(axis)}. Up and down move the brush, with shift they size it, Escape clears it`,
    );
    this.#strip.replaceChildren(...this.#intervals().map((interval) => this.#brushBox(interval, flipped)));
  }

  focusName(): void {
    this.#name.focus();
  }

  #listen(): void {
    this.#name.addEventListener('pointerdown', (event) => this.#dragName(event));
    this.#name.addEventListener('dblclick', () => this.#events.flip(this.#key));
    this.#strip.addEventListener('pointerdown', (event) => this.#dragBrush(event));
    this.element.addEventListener('keydown', (event) => {
      if (this.#press(event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    });
  }

  #intervals(): Interval[] {
    const { axis, scale } = this.#axis;
    return axis.brush == null ? [] : brushedIntervals(scale, axis.brush);
  }

  #brushBox([low, high]: Interval, flipped: boolean): HTMLElement {
    const [a, b] = [placeY(this.#layout, low, flipped), placeY(this.#layout, high, flipped)];
    const top = Math.min(a, b) - this.#layout.top;
    return make('div', { class: 'trackside-brush', style: `top: ${top}px; height: ${Math.max(2, Math.abs(a - b))}px` });
  }

  #set(interval: Interval, final: boolean): void {
    this.#events.brush(this.#key, brushOver(this.#axis.scale, interval), final);
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

  /** A drag on a brush moves it, on its edge sizes it, elsewhere makes a new one; a click clears. */
  #dragBrush(down: PointerEvent): void {
    if (down.button !== 0) {
      return;
    }
    const place = (event: PointerEvent): number => {
      const y = event.clientY - this.#strip.getBoundingClientRect().top + this.#layout.top;
      return yPlace(this.#layout, y, this.#axis.axis.flipped ?? false);
    };
    const start = place(down);
    const drag = startDrag(this.#intervals(), start, EDGE / (this.#layout.bottom - this.#layout.top));
    let moved = false;
    followPointer(this.#strip, down, (event, final) => {
      moved ||= Math.abs(event.clientY - down.clientY) > CLICK;
      if (moved) {
        this.#set(drag(place(event)), final);
      } else if (final) {
        this.#events.brush(this.#key, null, true);
      }
    });
  }

  #press(event: KeyboardEvent): boolean {
    const onStrip = event.target === this.#strip;
    const up = (this.#axis.axis.flipped ? -1 : 1) * KEY_MOVE;
    const keys: Record<string, () => void> = {
      ArrowLeft: () => this.#events.shift(this.#key, -1),
      ArrowRight: () => this.#events.shift(this.#key, 1),
      f: () => this.#events.flip(this.#key),
      l: () => this.#events.toggleLog(this.#key),
      Delete: () => (onStrip ? this.#events.brush(this.#key, null, true) : this.#events.remove(this.#key)),
      ...(onStrip && {
        ArrowUp: () => this.#nudge(up, event.shiftKey),
        ArrowDown: () => this.#nudge(-up, event.shiftKey),
        Escape: () => this.#events.brush(this.#key, null, true),
      }),
    };
    const action = event.metaKey || event.ctrlKey || event.altKey ? undefined : keys[event.key];
    action?.();
    return action !== undefined;
  }

  /** Moves or sizes the brush by at least one category. */
  #nudge(by: number, sizing: boolean): void {
    const { scale } = this.#axis;
    const least = scale.kind === 'category' ? 1 / scale.categories.length : 0;
    const step = Math.sign(by) * Math.max(Math.abs(by), least);
    const [first, ...others] = this.#intervals();
    const last = others.at(-1) ?? first;
    const now: Interval | null = first && last ? [first[0], last[1]] : null;
    const next = now === null ? FIRST_BRUSH : sizing ? grownInterval(now, step) : movedInterval(now, step);
    this.#set(next, true);
  }
}

/** What the brush is while the pointer, put down at `start`, is at another place. */
export function startDrag(intervals: readonly Interval[], start: number, edge: number): (place: number) => Interval {
  const held = intervals.find(([low, high]) => start >= low - edge && start <= high + edge);
  if (held === undefined) {
    return (place) => ordered(start, place);
  }
  const [low, high] = held;
  if (Math.abs(start - low) <= edge && high - low > 2 * edge) {
    return (place) => ordered(high, place);
  }
  if (Math.abs(start - high) <= edge && high - low > 2 * edge) {
    return (place) => ordered(low, place);
  }
  return (place) => movedInterval(held, place - start);
}

/** What an axis is called; an arrow says that it is upside down. */
export function axisName({ axis, scale }: ScaledAxis): string {
  return axis.flipped ? `↓ ${scale.column.name}` : scale.column.name;
}

function ordered(a: number, b: number): Interval {
  return a < b ? [a, b] : [b, a];
}

function describeBrush({ axis, scale }: ScaledAxis): string {
  const { brush } = axis;
  if (brush == null) {
    return 'not brushed';
  }
  if (scale.kind === 'category') {
    return `brushed to ${(brush.values ?? []).join(', ')}`;
  }
  const [low, high] = [brush.low ?? scale.low, brush.high ?? scale.high];
  return `brushed from ${formatNumber(low)} to ${formatNumber(high)}`;
}
