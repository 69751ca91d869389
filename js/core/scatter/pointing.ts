import { describeCell } from '../axes/axis-scale';
import { runColour } from '../colours';
import { followPointer } from '../drag';
import { make } from '../elements';
import { findCauses } from '../incomparable';
import { runName, runRows } from '../runs';
import { describeStanding } from '../table/comparison';
import type { Page } from '../view';
import { type Box, brushedBox, grownBox, startBox } from './box';
import { placeAt } from './places';
import type { PointGrid } from './point-grid';
import type { Scene } from './scene';

const REACH = 16;
const EDGE = 6;
const CLICK = 3;
const AWAY = 14;
const KEY_GROW = 0.05;
/** Sideways a run must be this much nearer than ahead, to be the next one in a direction. */
const SIDEWAYS = 2;

/** What is drawn, as far as the pointer needs to know. */
export interface Target {
  readonly scene: Scene;
  readonly grid: PointGrid;
  /** The rows that can be pointed at. */
  readonly rows: Int32Array;
}

/** What people do on the plot. */
export interface PointingEvents {
  /** `final` is false while the box is dragged; null takes it away. */
  box(box: Box | null, final: boolean): void;
}

/** Pointing at runs, ticking and pinning them, and brushing a box, with the pointer or with keys. */
export class Pointing {
  readonly tip = make('div', { class: 'trackside-readout trackside-scatter-tip', hidden: true });
  target: Target | null = null;
  readonly #page: Page;
  readonly #plot: HTMLElement;
  readonly #events: PointingEvents;

  constructor(page: Page, plot: HTMLElement, events: PointingEvents) {
    this.#page = page;
    this.#plot = plot;
    this.#events = events;
    plot.addEventListener('pointermove', (event) => event.buttons === 0 && this.#hover(this.#placeOf(event)));
    plot.addEventListener('pointerleave', () => this.#hover(null));
    plot.addEventListener('blur', () => this.#hover(null));
    plot.addEventListener('pointerdown', (event) => this.#press(event));
    plot.addEventListener('dblclick', (event) => this.#pin(this.#runAt(this.#placeOf(event))));
    plot.addEventListener('keydown', (event) => {
      if (!event.metaKey && !event.ctrlKey && !event.altKey && this.#key(event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    });
  }

  /** Shows the values of the hovered run beside its point, whoever hovers it. */
  show(): void {
    const run = this.#page.selection.hovered.value;
    const place = run === null ? null : this.#pointOf(run);
    this.tip.hidden = place === null;
    if (run !== null && place !== null && this.target !== null) {
      this.tip.replaceChildren(...readout(run, this.target.scene, this.#page));
      this.#placeTip(place);
    }
  }

  #placeTip([x, y]: readonly [number, number]): void {
    const { clientWidth: width, clientHeight: height } = this.#plot;
    const { offsetWidth, offsetHeight } = this.tip;
    const left = Math.min(x > width / 2 ? x - AWAY - offsetWidth : x + AWAY, width - offsetWidth);
    const top = Math.min(Math.max(0, y - offsetHeight / 2), Math.max(0, height - offsetHeight));
    this.tip.style.transform = `translate(${Math.round(Math.max(0, left))}px, ${Math.round(top)}px)`;
  }

  #pointOf(run: string): [number, number] | null {
    const scene = this.target?.scene;
    const row = scene && runRows(scene.table).get(run);
    const [x, y] = [scene?.xs[row ?? -1] ?? Number.NaN, scene?.ys[row ?? -1] ?? Number.NaN];
    return Number.isNaN(x + y) || !this.#page.selection.passes(run) ? null : [x, y];
  }

  #placeOf(event: MouseEvent): [number, number] {
    const bounds = this.#plot.getBoundingClientRect();
    return [event.clientX - bounds.left, event.clientY - bounds.top];
  }

  #runAt([x, y]: readonly [number, number]): string | null {
    const { grid, scene } = this.target ?? {};
    return scene?.table.run_ids[grid?.nearest(x, y, REACH) ?? -1] ?? null;
  }

  #hover(place: readonly [number, number] | null): void {
    this.tip.removeAttribute('aria-live');
    this.#page.selection.hovered.value = place === null ? null : this.#runAt(place);
  }

  #tick(run: string | null): void {
    if (run !== null) {
      const ticked = new Set(this.#page.selection.ticked.value);
      if (!ticked.delete(run)) {
        ticked.add(run);
      }
      this.#page.selection.ticked.value = ticked;
    }
  }

  #pin(run: string | null): void {
    const { pinned } = this.#page.selection;
    if (run !== null) {
      pinned.value = pinned.value === run ? null : run;
    }
  }

  /** A drag brushes a box, or moves or sizes the one there is; a click ticks a run or, beside all, takes the box away. */
  #press(down: PointerEvent): void {
    const scene = this.target?.scene;
    if (down.button !== 0 || scene === undefined) {
      return;
    }
    const { layout } = scene;
    const place = (event: PointerEvent): [number, number] => placeAt(layout, ...this.#placeOf(event));
    const edge = [EDGE / (layout.right - layout.left), EDGE / (layout.bottom - layout.top)] as const;
    const box = brushedBox(scene.x, scene.y);
    const drag = startBox(box, place(down), edge);
    let moved = false;
    followPointer(this.#plot, down, (event, final) => {
      moved ||= Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > CLICK;
      if (moved) {
        this.#page.selection.hovered.value = null;
        this.#events.box(drag(place(event)), final);
      } else if (final) {
        this.#click(this.#runAt(this.#placeOf(event)), box);
      }
    });
  }

  #click(run: string | null, box: Box | null): void {
    if (run === null && box !== null) {
      this.#events.box(null, true);
    }
    this.#tick(run);
  }

  #key({ key, shiftKey }: KeyboardEvent): boolean {
    const { hovered } = this.#page.selection;
    const arrows: Record<string, readonly [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const direction = arrows[key];
    if (direction !== undefined) {
      shiftKey ? this.#grow(direction[0] - direction[1]) : this.#walk(direction);
    } else if (key === ' ') {
      this.#tick(hovered.value);
    } else if (key === 'p') {
      this.#pin(hovered.value);
    } else if (key === 'Escape' && this.#isBegun()) {
      this.#hover(null);
      this.#events.box(null, true);
    } else {
      return false;
    }
    return true;
  }

  /** Whether there is something to leave: a run pointed at, or a box. */
  #isBegun(): boolean {
    const scene = this.target?.scene;
    return (
      this.#page.selection.hovered.value !== null || (scene !== undefined && brushedBox(scene.x, scene.y) !== null)
    );
  }

  #walk(direction: readonly [number, number]): void {
    const { hovered } = this.#page.selection;
    if (this.target !== null) {
      const from = hovered.value === null ? null : this.#pointOf(hovered.value);
      const row = nextRow(this.target, from, direction);
      this.tip.setAttribute('aria-live', 'polite');
      hovered.value = this.target.scene.table.run_ids[row] ?? hovered.value;
    }
  }

  #grow(sign: number): void {
    const scene = this.target?.scene;
    const run = this.#page.selection.hovered.value;
    const point = run === null ? null : this.#pointOf(run);
    const box = scene && brushedBox(scene.x, scene.y);
    if (scene !== undefined && (box || point !== null)) {
      this.#events.box(grownBox(box ?? null, placeAt(scene.layout, ...(point ?? [0, 0])), sign * KEY_GROW), true);
    }
  }
}

/** The next row from a point in a direction, −1 if there is none; without a point that which is furthest back. */
export function nextRow(
  { scene: { xs, ys }, rows }: { scene: Pick<Scene, 'xs' | 'ys'>; rows: Int32Array },
  from: readonly [number, number] | null,
  [right, down]: readonly [number, number],
): number {
  let found = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const [dx, dy] = [(xs[row] ?? 0) - (from?.[0] ?? 0), (ys[row] ?? 0) - (from?.[1] ?? 0)];
    const ahead = dx * right + dy * down;
    const away = from === null ? ahead : ahead + SIDEWAYS * Math.abs(dx * down + dy * right);
    if ((from === null || ahead > 0) && away < least) {
      least = away;
      found = row;
    }
  }
  return found;
}

function readout(run: string, { table, x, y, size, colouring, coloured }: Scene, page: Page): HTMLElement[] {
  const [pinned, cause] = [page.selection.pinned.value, findCauses(page).get(run)];
  const row = runRows(table).get(run) ?? 0;
  const drawn = [y.scale.column, x.scale.column, ...(size ? [size.column] : []), ...(coloured ? [coloured] : [])];
  const columns = [...new Set(drawn)];
  const colour = colouring.colours[colouring.rowColour[row] ?? 0] ?? runColour(run, table);
  return [
    make(
      'div',
      { class: 'trackside-scatter-run' },
      make('i', { style: `background: ${colour}` }),
      make('b', {}, runName(run, table)),
    ),
    ...columns.map((column) =>
      make(
        'div',
        { class: 'trackside-scatter-value' },
        make('span', {}, column.name),
        make('b', {}, describeCell(column, row)),
      ),
    ),
    ...describeStanding(table, columns, run, pinned, cause).map((words) => make('small', {}, words)),
  ];
}
