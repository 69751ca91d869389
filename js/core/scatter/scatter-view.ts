import './scatter.css';
import { withBrushes } from '../axes/brushes';
import { colourKey, makeColouring } from '../axes/colouring';
import { newAxis } from '../axes/columns';
import { runData } from '../axes/run-data';
import { DataBehind, type DrawnData } from '../data-behind';
import { make } from '../elements';
import { oncePerFrame } from '../frames';
import { offerPicture } from '../picture';
import { findColumn } from '../runs';
import type { Theme } from '../theme';
import { followTheme, readTheme } from '../theme';
import type { Page, View } from '../view';
import type { Axis, Scatter } from '../wire';
import { type Box, brushAlong, brushedBox } from './box';
import { chosenAxes } from './chosen-axes';
import { makeTicks, type Ticks } from './painter';
import { makeLayout, placeX, placeY } from './places';
import { PointGrid } from './point-grid';
import { Pointing } from './pointing';
import { ScatterControls } from './scatter-controls';
import { scatterPicture } from './scatter-picture';
import * as scenes from './scene';
import { Stage } from './stage';

/** Draws each run as a point, at its values of two columns. */
export const scatterView: View = (element, page) => {
  const panel = new ScatterPanel(element, page);
  return () => panel.dispose();
};

type Axes = { readonly x: Axis; readonly y: Axis };

class ScatterPanel {
  readonly #page: Page;
  readonly #draw = oncePerFrame(() => this.#render());
  readonly #controls: ScatterControls;
  readonly #box = make('div', { class: 'trackside-scatter-box', hidden: true });
  readonly #plot = make('div', { class: 'trackside-plot', tabindex: '0', role: 'group' }, this.#box);
  readonly #stage = new Stage(this.#plot);
  readonly #message = make('div', { class: 'trackside-message', role: 'status', hidden: true });
  readonly #data = new DataBehind('the scatter', () => this.#drawnData());
  readonly #pointing: Pointing;
  readonly #ruler = document.createElement('canvas').getContext('2d');
  readonly #root: HTMLElement;
  readonly #undo: (() => void)[] = [];
  /** The axes while a box is dragged; the page's state has them when it is let go. */
  #dragged: Axes | null = null;
  #scene: scenes.Scene | null = null;
  #ticks: Ticks = { x: [], y: [], width: 0 };
  #theme: Theme | null = null;
  #madeOf = '';
  #painted: { readonly of: readonly unknown[]; readonly sorted: scenes.Sorted; readonly front: number } | null = null;

  constructor(element: HTMLElement, page: Page) {
    this.#page = page;
    this.#controls = new ScatterControls({
      axis: (side, key) => this.#setAxis(side, key),
      log: (side, log) =>
        this.#setAxes(({ x, y }) => (side === 'x' ? { x: { ...x, log }, y } : { x, y: { ...y, log } })),
      swap: () => this.#setAxes(({ x, y }) => ({ x: y, y: x })),
      colourBy: (key) => this.#set({ colour_by: key }),
      sizeBy: (key) => this.#setScatter({ size_by: key }),
      front: (front) => this.#setScatter({ front }),
      clearBox: () => this.#brush(null, true),
    });
    this.#pointing = new Pointing(page, this.#plot, { box: (box, final) => this.#brush(box, final) });
    this.#plot.append(this.#pointing.tip, this.#message);
    this.#root = make(
      'section',
      { class: 'trackside-scatter', 'aria-label': 'Scatter' },
      this.#controls.element,
      this.#plot,
      this.#data.element,
    );
    this.#plot.setAttribute('aria-details', this.#data.element.id);
    offerPicture(
      this.#root,
      'scatter',
      () => this.#scene && scatterPicture(this.#scene, page.selection, this.#colourKey(), this.#hasFront()),
    );
    element.append(this.#root);
    this.#listen();
    this.#filter();
    this.#draw.request();
  }

  dispose(): void {
    for (const undo of this.#undo) {
      undo();
    }
    this.#draw.cancel();
    this.#controls.dispose();
    this.#data.dispose();
    this.#page.selection.setFilter(scenes.FILTER_NAME, null);
    this.#root.remove();
  }

  #listen(): void {
    const { selection, state, table } = this.#page;
    const draw = this.#draw.request;
    const resized = new ResizeObserver(draw);
    resized.observe(this.#plot);
    const follow = (): void => {
      this.#filter();
      draw();
    };
    const emphasise = (): void => this.#emphasise();
    this.#undo.push(
      () => resized.disconnect(),
      followTheme(draw),
      table.subscribe(follow),
      state.subscribe(follow),
      selection.filters.subscribe(draw),
      selection.hovered.subscribe(emphasise),
      selection.pinned.subscribe(emphasise),
      selection.ticked.subscribe(emphasise),
    );
  }

  get #axes(): Axes | null {
    return this.#dragged ?? chosenAxes(this.#page.table.value, this.#page.state.value.scatter);
  }

  #colourKey(): string {
    return colourKey(this.#page.table.value, this.#page.state.value.colour_by);
  }

  #hasFront(): boolean {
    return this.#page.state.value.scatter?.front ?? true;
  }

  #set(change: Partial<Page['state']['value']>): void {
    this.#page.state.value = { ...this.#page.state.value, ...change };
  }

  #setScatter(change: Partial<Scatter>): void {
    this.#set({ scatter: { ...this.#page.state.value.scatter, ...change } });
  }

  #setAxes(update: (axes: Axes) => Axes): void {
    const axes = this.#axes;
    if (axes !== null) {
      this.#setScatter(update(axes));
    }
  }

  /** A box holds on both axes: it goes with the axis that goes. */
  #setAxis(side: 'x' | 'y', key: string): void {
    const column = findColumn(this.#page.table.value, key);
    if (column !== undefined) {
      const next = newAxis(column);
      this.#setAxes(({ x, y }) =>
        side === 'x' ? { x: next, y: withBrushes(y, []) } : { x: withBrushes(x, []), y: next },
      );
    }
  }

  /** While a box is dragged only this view and the shared filter follow; letting go writes the state. */
  #brush(box: Box | null, final: boolean): void {
    const scene = this.#scene;
    if (scene === null) {
      return;
    }
    const axes = {
      x: withBrushes(scene.x.axis, box ? [brushAlong(scene.x.scale, box.x)] : []),
      y: withBrushes(scene.y.axis, box ? [brushAlong(scene.y.scale, box.y)] : []),
    };
    this.#dragged = final ? null : axes;
    if (final) {
      this.#setScatter(axes);
    } else {
      this.#draw.request();
    }
  }

  #scaled(): { x: scenes.Scene['x']; y: scenes.Scene['y'] } | null {
    const [table, axes] = [this.#page.table.value, this.#axes];
    const x = axes && scenes.scaleAxis(table, axes.x, this.#scene?.x);
    const y = axes && scenes.scaleAxis(table, axes.y, this.#scene?.y);
    return x && y && { x, y };
  }

  /** Tells the other views which runs the box lets pass, where that changed. */
  #filter(): void {
    const { selection, table } = this.#page;
    const scaled = this.#scaled();
    selection.setFilter(scenes.FILTER_NAME, scaled && scenes.passingRuns(table.value, [scaled.x, scaled.y]));
  }

  #render(): void {
    const { clientWidth: width, clientHeight: height } = this.#plot;
    const scaled = this.#scaled();
    const message = scaled ? null : 'nothing to draw yet: log params and metrics';
    this.#controls.element.hidden = message !== null;
    this.#message.hidden = message === null;
    this.#message.textContent = message;
    this.#data.element.hidden = message !== null;
    this.#plot.classList.toggle('trackside-nothing', message !== null);
    if (message !== null || scaled === null || width === 0 || height === 0) {
      this.#scene = null;
      this.#painted = null;
      this.#pointing.target = null;
      return;
    }
    this.#scene = this.#makeScene(scaled, width, height);
    this.#filter();
    this.#paint(this.#scene);
  }

  /** Keeps whatever did not change, by identity, so that a box costs neither scales nor places. */
  #makeScene({ x, y }: { x: scenes.Scene['x']; y: scenes.Scene['y'] }, width: number, height: number): scenes.Scene {
    const table = this.#page.table.value;
    const before = this.#scene;
    this.#theme = readTheme(this.#root, this.#theme);
    const theme = this.#theme;
    const key = this.#colourKey();
    const sizeKey = this.#page.state.value.scatter?.size_by ?? null;
    const madeOf = JSON.stringify([
      width,
      height,
      key,
      sizeKey,
      theme.rgb,
      x.axis.key,
      x.axis.log,
      y.axis.key,
      y.axis.log,
    ]);
    if (before?.table === table && madeOf === this.#madeOf) {
      return { ...before, x, y };
    }
    this.#madeOf = madeOf;
    if (this.#ruler !== null) {
      this.#ticks = makeTicks(this.#ruler, [x.scale, y.scale], [width, height], theme);
    }
    const layout = makeLayout(width, height, this.#ticks.width);
    const [xs, ys] = scenes.placePoints(table, x.scale, y.scale, layout);
    const size = sizeKey === null ? null : scenes.scaleAxis(table, { key: sizeKey }, undefined);
    return {
      table,
      x,
      y,
      size: size?.scale ?? null,
      layout,
      xs,
      ys,
      radii: scenes.pointRadii(table.run_ids.length, size?.scale ?? null),
      colouring: makeColouring(table, key, [x.axis, y.axis], theme),
      coloured: findColumn(table, key) ?? null,
      theme,
    };
  }

  #paint(scene: scenes.Scene): void {
    const { sorted, front } = this.#paintPoints(scene);
    this.#showBox(scene);
    this.#emphasise();
    this.#data.renew();
    const note = scenes.describe(sorted, front);
    this.#controls.show(scene, this.#colourKey(), this.#hasFront(), note);
    const names = `${scene.y.scale.column.name} against ${scene.x.scale.column.name}, ${sorted.coloured.length} runs`;
    const help = 'Arrows go from run to run, space ticks, P pins, shift and arrows size a box, Escape clears it.';
    this.#plot.setAttribute('aria-label', [names, ...(note ? [note] : []), help].join('. '));
  }

  #drawnData(): DrawnData | null {
    const [scene, rows] = [this.#scene, this.#painted?.sorted.coloured];
    if (scene === null || rows === undefined) {
      return null;
    }
    const { table, x, y, size, coloured } = scene;
    const more = [size?.column, coloured].filter((column) => column != null);
    return runData(table, rows, [y.scale.column, x.scale.column, ...more]);
  }

  /** Draws the points, unless nothing in them changed: each frame of a box that is dragged is told of twice. */
  #paintPoints(scene: scenes.Scene): { sorted: scenes.Sorted; front: number } {
    const sorted = scenes.sortRows(scene, this.#page.selection, this.#painted?.sorted);
    const of = [scene.xs, scene.colouring, sorted.coloured, sorted.grey, this.#hasFront()];
    if (this.#painted !== null && of.every((part, at) => part === this.#painted?.of[at])) {
      this.#pointing.target = this.#pointing.target && { ...this.#pointing.target, scene };
      return this.#painted;
    }
    const front = this.#hasFront() ? scenes.frontRows(scene, sorted.coloured) : [];
    this.#stage.paint(scene, sorted, this.#ticks, front);
    const { width, height } = scene.layout;
    const grid = new PointGrid(scene.xs, scene.ys, sorted.coloured, width, height);
    this.#pointing.target = { scene, grid, rows: sorted.coloured };
    this.#painted = { of, sorted, front: front.length };
    return this.#painted;
  }

  #showBox({ x, y, layout }: scenes.Scene): void {
    const box = brushedBox(x, y);
    this.#box.hidden = box === null;
    if (box !== null) {
      const [left = 0, right = 0] = box.x.map((place) => placeX(layout, place));
      const [bottom = 0, top = 0] = box.y.map((place) => placeY(layout, place));
      Object.assign(this.#box.style, {
        left: `${left}px`,
        top: `${top}px`,
        width: `${Math.max(2, right - left)}px`,
        height: `${Math.max(2, bottom - top)}px`,
      });
    }
  }

  #emphasise(): void {
    if (this.#scene !== null) {
      this.#stage.emphasise(this.#scene, this.#page.selection);
    }
    this.#pointing.show();
  }
}
