import { describeCell } from '../axes/axis-scale';
import { haloText, prepare } from '../canvas';
import { runColour } from '../colours';
import { make } from '../elements';
import { fitText } from '../picture';
import { runRows } from '../runs';
import type { Selection } from '../selection';
import { halo, ink } from '../theme';
import type { RunTable } from '../wire';
import { paintAxes } from './axes-painter';
import { Layer } from './layer';
import { traceRow } from './polylines';
import type { Scene, Sorted } from './scene';
import { colouredLines, SHADOW, shadows } from './scene';

/** How the line of an emphasised run is dashed where it leads to what is missing. */
const DASH = [3, 4];

/** Between an axis and a value beside it. */
const ASIDE = 7;

/** A run drawn on top of the others. */
export interface Emphasis {
  readonly row: number;
  readonly colour: string;
  readonly width: number;
  /** Whether its values are written beside the axes. */
  readonly values: boolean;
}

/**
 * The canvases above each other: what is left out, the lines, the runs that are emphasised, the axes, whose labels no
 * line may strike out, and the values that are read.
 */
export class Stage {
  readonly #shadows = new Layer();
  readonly #lines = new Layer();
  readonly #axes = make('canvas', { class: 'trackside-layer', 'aria-hidden': 'true' });
  readonly #emphasis = make('canvas', { class: 'trackside-layer', 'aria-hidden': 'true' });
  readonly #values = make('canvas', { class: 'trackside-layer', 'aria-hidden': 'true' });

  #table: RunTable | null = null;
  #axesMadeOf: readonly unknown[] = [];
  #emphasisMadeOf: readonly unknown[] = [];

  constructor(surface: HTMLElement) {
    this.#shadows.canvas.style.opacity = String(SHADOW);
    surface.append(this.#shadows.canvas, this.#lines.canvas, this.#emphasis, this.#axes, this.#values);
  }

  paint(scene: Scene, sorted: Sorted): void {
    const { width, height } = scene.layout;
    const { coloured, visible, grey } = sorted;
    const isBrushed = coloured.length < visible.length;
    // News of runs must not have the lines flicker; whatever the user does has to be seen at once.
    const sketches = this.#table === null || this.#table === scene.table;
    this.#table = scene.table;
    this.#shadows.resize(width, height);
    this.#lines.resize(width, height);
    this.#lines.draw([scene.ys, scene.colouring, coloured], {
      sketches,
      lines: (sketch) => [colouredLines(scene, coloured, sketch)],
    });
    this.#shadows.draw([scene.ys, scene.theme, grey, visible, isBrushed], {
      sketches,
      lines: (sketch) => shadows(scene, sorted, sketch),
    });
    if (!isSame(this.#axesMadeOf, [scene.ys, scene.theme])) {
      this.#axesMadeOf = [scene.ys, scene.theme];
      const context = prepare(this.#axes, width, height);
      if (context !== null) {
        paintAxes(context, scene);
      }
    }
  }

  /** Draws some runs on top; while the values of one are read, the others step back. */
  emphasise(scene: Scene, runs: readonly Emphasis[]): void {
    const madeOf = [scene.ys, scene.theme, ...runs.flatMap(({ row, width, values }) => [row, width, values])];
    if (isSame(this.#emphasisMadeOf, madeOf)) {
      return;
    }
    this.#emphasisMadeOf = madeOf;
    const reading = runs.some((run) => run.values);
    this.#lines.canvas.classList.toggle('trackside-dimmed', reading);
    this.#axes.classList.toggle('trackside-dimmed', reading);
    const { width, height } = scene.layout;
    const [lines, values] = [prepare(this.#emphasis, width, height), prepare(this.#values, width, height)];
    for (const run of runs) {
      if (lines !== null) {
        paintRun(lines, scene, run);
      }
      if (values !== null && run.values) {
        paintValues(values, scene, run.row);
      }
    }
  }

  dispose(): void {
    this.#shadows.dispose();
    this.#lines.dispose();
  }
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((part, at) => part === other[at]);
}

/** The runs to emphasise: ticked ones, then the pinned one in the colour of text, then the hovered one. */
export function emphasised({ table, theme }: Scene, selection: Selection): Emphasis[] {
  const rows = runRows(table);
  const found: Emphasis[] = [];
  const add = (run: string | null, colour: string, width: number, values: boolean): void => {
    const row = run === null ? undefined : rows.get(run);
    if (run !== null && row !== undefined && selection.passes(run)) {
      found.push({ row, colour, width, values });
    }
  };
  for (const run of selection.ticked.value) {
    add(run, runColour(run, table), 1.8, false);
  }
  add(selection.pinned.value, ink(theme), 2.5, false);
  const hovered = selection.hovered.value;
  add(hovered, hovered === null ? '' : runColour(hovered, table), 2.5, true);
  return found;
}

function paintRun(context: CanvasRenderingContext2D, scene: Scene, { row, colour, width }: Emphasis): void {
  const { layout, ys, theme } = scene;
  const lines = { xs: layout.xs, ys, lane: layout.lane };
  context.lineJoin = 'round';
  for (const [stroke, wide] of [
    [halo(theme), width + 2.5],
    [colour, width],
  ] as const) {
    context.strokeStyle = stroke;
    context.lineWidth = wide;
    context.setLineDash([]);
    context.beginPath();
    traceRow(context, lines, row, 'present');
    context.stroke();
    context.lineWidth = wide / 2;
    context.setLineDash(DASH);
    context.beginPath();
    traceRow(context, lines, row, 'missing');
    context.stroke();
  }
  context.setLineDash([]);
}

function paintValues(context: CanvasRenderingContext2D, { axes, layout, theme, ys }: Scene, row: number): void {
  context.font = `600 11px ${theme.font}`;
  context.textBaseline = 'middle';
  context.fillStyle = ink(theme);
  for (const [at, { scale }] of axes.entries()) {
    const x = layout.xs[at] ?? 0;
    const text = fitText(context, describeCell(scale.column, row), Math.max(x, layout.width - x) - 2 * ASIDE);
    const width = context.measureText(text).width;
    // At the right edge there is more room on the other side.
    const left = x + ASIDE + width > layout.width ? x - ASIDE - width : x + ASIDE;
    haloText(context, text, left, (ys[at]?.[row] ?? 0) - 9, theme);
  }
}
