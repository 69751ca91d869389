import {
  brushOver,
  brushPieces,
  freeInterval,
  grownInterval,
  type Interval,
  movedInterval,
  type Piece,
  type ScaledAxis,
} from '../axes/brushes';
import { followPointer } from '../drag';
import { make } from '../elements';
import { formatNumber } from '../numbers';
import type { Brush } from '../wire';
import { type Layout, placeY, yPlace } from './layout';

const EDGE = 5;
const CLICK = 3;
const KEY_MOVE = 0.05;
/** A brush lower than this has no room for its button. */
const ROOM = 16;

/** `final` is false while it is being dragged. */
type Told = (brushes: readonly Brush[], final: boolean) => void;

/** The strip along an axis where it is brushed, with a box for each brush; boxes are kept, so that the focus is. */
export class BrushStrip {
  readonly element = make('div', { class: 'trackside-axis-strip', tabindex: '0', role: 'group' });
  readonly #told: Told;
  readonly #boxes: HTMLElement[] = [];
  #axis: ScaledAxis;
  #layout: Layout;

  constructor(axis: ScaledAxis, layout: Layout, told: Told) {
    this.#axis = axis;
    this.#layout = layout;
    this.#told = told;
    this.element.addEventListener('pointerdown', (event) => this.#drag(event));
    this.element.addEventListener('dblclick', (event) => this.#removeUnder(event));
  }

  show(axis: ScaledAxis, layout: Layout): void {
    this.#axis = axis;
    this.#layout = layout;
    const name = axis.scale.column.name;
    const pieces = this.#pieces();
    Object.assign(this.element.style, { top: `${layout.top}px`, height: `${layout.bottom - layout.top}px` });
    const told =
      pieces.length === 0 ? 'not brushed' : `brushed to ${pieces.map((piece) => this.#words(piece)).join(' and ')}`;
    this.element.setAttribute(
      'aria-label',
      `${name}: ${told}. Up and down brush it and move the brush, with shift they size it, + adds one, Escape clears all`,
    );
    this.#showBoxes(pieces);
  }

  /** What a key does here; undefined where it does nothing. */
  press(event: KeyboardEvent): (() => void) | undefined {
    const pieces = this.#pieces();
    const held = this.#boxes.indexOf(event.target as HTMLElement);
    const at = held < 0 ? pieces.length - 1 : held;
    const up = (this.#axis.axis.flipped ? -1 : 1) * KEY_MOVE;
    const keys: Record<string, () => void> = {
      ArrowUp: () => this.#nudge(at, up, event.shiftKey),
      ArrowDown: () => this.#nudge(at, -up, event.shiftKey),
      ...(pieces.length > 0 ? { Escape: () => this.#told([], true) } : {}),
      Delete: () => this.#remove(held < 0 ? null : held),
      Backspace: () => this.#remove(held < 0 ? null : held),
      '+': () => this.#add(),
      Enter: () => this.#add(),
    };
    const isHere = event.target === this.element || held >= 0;
    return isHere ? keys[event.key] : undefined;
  }

  #pieces(): Piece[] {
    return brushPieces(this.#axis);
  }

  #showBoxes(pieces: readonly Piece[]): void {
    for (const box of this.#boxes.splice(pieces.length)) {
      if (box === document.activeElement) {
        this.element.focus();
      }
      box.remove();
    }
    while (this.#boxes.length < pieces.length) {
      const box = this.#newBox();
      this.#boxes.push(box);
      this.element.append(box);
    }
    for (const [at, piece] of pieces.entries()) {
      this.#showBox(this.#boxes[at], piece);
    }
  }

  #newBox(): HTMLElement {
    const box: HTMLElement = make(
      'div',
      { class: 'trackside-brush', tabindex: '0', role: 'slider', 'aria-orientation': 'vertical' },
      make(
        'button',
        {
          type: 'button',
          title: 'Remove this brush (Delete)',
          'aria-label': 'Remove this brush',
          tabindex: '-1',
          pointerdown: (event) => event.stopPropagation(),
          click: () => this.#remove(this.#boxes.indexOf(box)),
        },
        '×',
      ),
    );
    return box;
  }

  #showBox(box: HTMLElement | undefined, piece: Piece): void {
    const flipped = this.#axis.axis.flipped ?? false;
    const [a, b] = piece.interval.map((place) => placeY(this.#layout, place, flipped)) as [number, number];
    const height = Math.max(2, Math.abs(a - b));
    const words = this.#words(piece);
    const middle = Math.round(50 * (piece.interval[0] + piece.interval[1]));
    if (box !== undefined) {
      Object.assign(box.style, { top: `${Math.min(a, b) - this.#layout.top}px`, height: `${height}px` });
      box.toggleAttribute('data-low', height < ROOM);
      box.title = words;
      box.setAttribute('aria-label', `Brush on ${this.#axis.scale.column.name}`);
      box.setAttribute('aria-valuetext', words);
      box.setAttribute('aria-valuenow', String(middle));
    }
  }

  /** A drag on a brush moves it, on its edge sizes it, elsewhere or with shift adds one; a click beside all clears. */
  #drag(down: PointerEvent): void {
    if (down.button !== 0) {
      return;
    }
    const place = (event: PointerEvent | MouseEvent): number => this.#placeUnder(event);
    const before = this.#pieces();
    const start = place(down);
    const edge = EDGE / (this.#layout.bottom - this.#layout.top);
    const held = down.shiftKey
      ? -1
      : heldBrush(
          before.map(({ interval }) => interval),
          start,
          edge,
        );
    const drag = startDrag(before[held]?.interval ?? null, start, edge);
    let moved = false;
    followPointer(this.element, down, (event, final) => {
      moved ||= Math.abs(event.clientY - down.clientY) > CLICK;
      if (moved) {
        this.#tell(before, held < 0 ? before.length : held, drag(place(event)), final);
      } else if (final && held < 0 && !down.shiftKey) {
        this.#told([], true);
      }
    });
  }

  #removeUnder(event: MouseEvent): void {
    const edge = EDGE / (this.#layout.bottom - this.#layout.top);
    const held = heldBrush(
      this.#pieces().map(({ interval }) => interval),
      this.#placeUnder(event),
      edge,
    );
    if (held >= 0) {
      this.#remove(held);
    }
  }

  /** Near an end of the axis, its end: the best and the worst lie there. */
  #placeUnder({ clientY }: MouseEvent): number {
    const y = clientY - this.element.getBoundingClientRect().top + this.#layout.top;
    const { top, bottom } = this.#layout;
    const ended = y < top + EDGE ? top : y > bottom - EDGE ? bottom : y;
    return yPlace(this.#layout, ended, this.#axis.axis.flipped ?? false);
  }

  /** Tells that the brush `at` covers `interval`, the others what they did. */
  #tell(pieces: readonly Piece[], at: number, interval: Interval, final: boolean): void {
    const brush = brushOver(this.#axis.scale, interval);
    const brushes: (Brush | null)[] = pieces.map((piece) => piece.brush);
    brushes[at] = brush;
    this.#told(
      brushes.filter((each) => each !== null),
      final,
    );
  }

  #add(): void {
    const pieces = this.#pieces();
    this.#tell(pieces, pieces.length, freeInterval(pieces.map(({ interval }) => interval)), true);
  }

  /** Takes one brush away, or all of them. */
  #remove(at: number | null): void {
    const left = this.#pieces().filter((_piece, place) => at !== null && place !== at);
    this.#told(
      left.map(({ brush }) => brush),
      true,
    );
  }

  /** Moves or sizes a brush by at least one category; where there is none, makes one. */
  #nudge(at: number, by: number, sizing: boolean): void {
    const pieces = this.#pieces();
    const interval = pieces[at]?.interval;
    if (interval === undefined) {
      this.#add();
      return;
    }
    const { scale } = this.#axis;
    const least = scale.kind === 'category' ? 1 / scale.categories.length : 0;
    const step = Math.sign(by) * Math.max(Math.abs(by), least);
    this.#tell(pieces, at, sizing ? grownInterval(interval, step) : movedInterval(interval, step), true);
  }

  #words({ brush }: Piece): string {
    const { scale } = this.#axis;
    if (scale.kind === 'category') {
      return (brush.values ?? []).join(', ');
    }
    const [low, high] = [brush.low ?? scale.low, brush.high ?? scale.high];
    const say = (seconds: number): string =>
      scale.kind === 'time' ? new Date(seconds * 1000).toLocaleString() : formatNumber(seconds);
    return `${say(low)} to ${say(high)}`;
  }
}

/** Which of the brushes a place is on, the uppermost where they overlap; −1 is none. */
export function heldBrush(intervals: readonly Interval[], place: number, edge: number): number {
  const isOn = ([low, high]: Interval): boolean => place >= low - edge && place <= high + edge;
  return intervals.map(isOn).lastIndexOf(true);
}

/** What a brush is while the pointer, put down at `start`, is at another place; `held` is what it was, null makes a new one. */
export function startDrag(held: Interval | null, start: number, edge: number): (place: number) => Interval {
  if (held === null) {
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

function ordered(a: number, b: number): Interval {
  return a < b ? [a, b] : [b, a];
}
