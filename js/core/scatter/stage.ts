import { prepare } from '../canvas';
import { runColour } from '../colours';
import { make } from '../elements';
import { runRows } from '../runs';
import type { Selection } from '../selection';
import { halo, ink } from '../theme';
import { paintAxes, paintFront, paintPoints, paintRing, type Ticks } from './painter';
import type { Scene, Sorted } from './scene';

/** The canvases above each other: axes and points, and the runs that are picked out, which change with the pointer. */
export class Stage {
  readonly #points = make('canvas', { class: 'trackside-layer', 'aria-hidden': 'true' });
  readonly #emphasis = make('canvas', { class: 'trackside-layer', 'aria-hidden': 'true' });

  constructor(surface: HTMLElement) {
    surface.append(this.#points, this.#emphasis);
  }

  paint(scene: Scene, sorted: Sorted, ticks: Ticks, front: readonly number[]): void {
    const context = prepare(this.#points, scene.layout.width, scene.layout.height);
    if (context !== null) {
      paintAll(context, scene, sorted, ticks, front);
    }
  }

  /** Draws rings around the ticked runs and the pinned one, and the hovered one larger. */
  emphasise(scene: Scene, selection: Selection): void {
    const context = prepare(this.#emphasis, scene.layout.width, scene.layout.height);
    if (context !== null) {
      paintEmphasis(context, scene, selection);
    }
  }
}

/** Draws axes, points and front. */
export function paintAll(
  context: CanvasRenderingContext2D,
  scene: Scene,
  sorted: Sorted,
  ticks: Ticks,
  front: readonly number[],
): void {
  paintAxes(context, scene, ticks);
  paintPoints(context, scene, sorted);
  paintFront(context, scene, front);
}

/** Draws what the user has picked out. */
export function paintEmphasis(context: CanvasRenderingContext2D, scene: Scene, selection: Selection): void {
  const { table, theme, xs, ys, radii, colouring } = scene;
  const rows = runRows(table);
  const around = (run: string | null, draw: (x: number, y: number, radius: number, row: number) => void): void => {
    const row = run === null ? undefined : rows.get(run);
    const [x, y] = [xs[row ?? -1] ?? Number.NaN, ys[row ?? -1] ?? Number.NaN];
    if (run !== null && row !== undefined && selection.passes(run) && !Number.isNaN(x + y)) {
      draw(x, y, radii[row] ?? 3, row);
    }
  };
  const dot = (x: number, y: number, radius: number, row: number): void => {
    context.fillStyle = colouring.colours[colouring.rowColour[row] ?? 0] ?? ink(theme);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  };
  for (const run of selection.ticked.value) {
    around(run, (x, y, radius, row) => {
      dot(x, y, radius + 1, row);
      paintRing(context, x, y, radius + 2, halo(theme), 2);
      paintRing(context, x, y, radius + 3.5, runColour(run, table), 1.75);
    });
  }
  around(selection.pinned.value, (x, y, radius) => {
    paintRing(context, x, y, radius + 3, halo(theme), 3);
    paintRing(context, x, y, radius + 3.5, ink(theme), 2);
    paintRing(context, x, y, radius + 6.5, ink(theme, 0.5), 1);
  });
  around(selection.hovered.value, (x, y, radius, row) => {
    dot(x, y, radius + 2, row);
    paintRing(context, x, y, radius + 3, halo(theme), 2);
    paintRing(context, x, y, radius + 4.5, ink(theme), 1.5);
  });
}
