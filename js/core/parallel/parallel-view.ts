import './parallel.css';
import { type ScaledAxis, withBrushes } from '../axes/brushes';
import type { Colouring } from '../axes/colouring';
import { colourKey, makeColouring } from '../axes/colouring';
import { newAxis } from '../axes/columns';
import { runData } from '../axes/run-data';
import { DataBehind, type DrawnData } from '../data-behind';
import { make } from '../elements';
import { oncePerFrame } from '../frames';
import { offerPicture } from '../picture';
import { findColumn } from '../runs';
import type { MaskedRuns } from '../selection';
import type { Theme } from '../theme';
import { followTheme, readTheme } from '../theme';
import type { Undo } from '../undo';
import type { Page, View } from '../view';
import type { Axis, Brush } from '../wire';
import { AxisHandles } from './axis-handles';
import { defaultAxes, movedAxis } from './default-axes';
import { askImportance, orderedByImportance } from './importance-order';
import { isAnyMissing, makeLayout, nearestAxis, nearestRow, rowYs } from './layout';
import { ParallelControls } from './parallel-controls';
import { parallelPicture } from './parallel-picture';
import { RunTip } from './run-tip';
import { FILTER_NAME, passingRuns, type Scene, type Sorted, scaleAxes, sortRows } from './scene';
import { ScrollEdges } from './scroll-edges';
import { emphasised, Stage } from './stage';

const REACH = 8;
const HELP =
  'Each axis has a name that arrow keys move and F flips, and a strip that arrow keys brush. Data lists the values.';

/** How many panels there were: what describes each needs an id of its own. */
let panels = 0;

/** Draws params and metrics as parallel axes and each run as a line across them. */
export const parallelView: View = (element, page) => {
  const panel = new ParallelPanel(element, page);
  return () => panel.dispose();
};

class ParallelPanel {
  readonly #page: Page;
  readonly #draw = oncePerFrame(() => this.#render());
  readonly #controls: ParallelControls;
  readonly #handles: AxisHandles;
  readonly #surface = make('div', { class: 'trackside-parallel-surface' });
  readonly #stage = new Stage(this.#surface);
  readonly #plot: HTMLElement;
  readonly #edges: ScrollEdges;
  readonly #message = make('div', { class: 'trackside-message', role: 'status', hidden: true });
  readonly #tip = new RunTip();
  readonly #data = new DataBehind('the parallel coordinates', () => this.#drawnData());
  readonly #about = make('p', { class: 'trackside-unseen', id: `trackside-parallel-${++panels}` }, HELP);
  readonly #root: HTMLElement;
  readonly #undo: (() => void)[] = [];
  /** The axes while one is dragged; the page's state has them when it is let go. */
  #dragged: readonly Axis[] | null = null;
  #scene: Scene | null = null;
  #sorted: Sorted | null = null;
  #theme: Theme | null = null;
  #colouring: { key: string; colouring: Colouring } | null = null;
  #shown = '';
  #stopAsking: Undo = () => undefined;

  constructor(element: HTMLElement, page: Page) {
    this.#page = page;
    this.#controls = new ParallelControls({
      colourBy: (key) => this.#set({ colour_by: key }),
      showAxis: (key, shown) => this.#showAxis(key, shown),
      defaultAxes: () => this.#set({ axes: null }),
      orderByImportance: () => this.#orderByImportance(),
      clearBrushes: () => this.#change((axis) => withBrushes(axis, [])),
    });
    this.#handles = new AxisHandles(this.#surface, {
      brush: (key, brushes, final) => this.#brush(key, brushes, final),
      drag: (key, x, final) => this.#drag(key, x, final),
      shift: (key, by) => this.#shift(key, by),
      flip: (key) => this.#change((axis) => (axis.key === key ? { ...axis, flipped: !axis.flipped } : axis)),
      toggleLog: (key) => this.#change((axis) => (axis.key === key ? { ...axis, log: !axis.log } : axis)),
      remove: (key) => this.#showAxis(key, false),
    });
    this.#plot = make(
      'div',
      { class: 'trackside-plot', role: 'group' },
      this.#surface,
      this.#tip.element,
      this.#message,
    );
    this.#plot.setAttribute('aria-describedby', this.#about.id);
    this.#plot.setAttribute('aria-details', this.#data.element.id);
    this.#edges = new ScrollEdges(this.#plot);
    this.#root = make(
      'section',
      { class: 'trackside-parallel', 'aria-label': 'Parallel coordinates' },
      this.#controls.element,
      this.#edges.element,
      this.#about,
      this.#data.element,
    );
    offerPicture(
      this.#root,
      'parallel',
      () => this.#scene && parallelPicture(this.#scene, page.selection, this.#colourKey()),
    );
    element.append(this.#root);
    this.#listen();
    this.#filter();
  }

  dispose(): void {
    this.#stopAsking();
    for (const undo of this.#undo) {
      undo();
    }
    this.#draw.cancel();
    this.#data.dispose();
    this.#stage.dispose();
    this.#page.selection.setFilter(FILTER_NAME, null);
    this.#root.remove();
  }

  #listen(): void {
    const { selection, state, table } = this.#page;
    const draw = this.#draw.request;
    const resized = new ResizeObserver(draw);
    resized.observe(this.#plot);
    this.#surface.addEventListener('pointermove', (event) => this.#point(event));
    this.#surface.addEventListener('pointerleave', () => this.#point(null));
    this.#undo.push(
      () => resized.disconnect(),
      followTheme(draw),
      table.subscribe(() => {
        this.#filter();
        draw();
      }),
      state.subscribe(() => {
        this.#filter();
        draw();
      }),
      selection.filters.subscribe(draw),
      selection.hovered.subscribe(() => this.#emphasise()),
      selection.pinned.subscribe(() => this.#emphasise()),
      selection.ticked.subscribe(() => this.#emphasise()),
    );
  }

  get #axes(): readonly Axis[] {
    return this.#dragged ?? this.#page.state.value.axes ?? defaultAxes(this.#page.table.value);
  }

  #colourKey(): string {
    return colourKey(this.#page.table.value, this.#page.state.value.colour_by);
  }

  #set(change: Partial<Page['state']['value']>): void {
    this.#controls.say('');
    this.#page.state.value = { ...this.#page.state.value, ...change };
  }

  #change(update: (axis: Axis) => Axis): void {
    this.#set({ axes: this.#axes.map(update) });
  }

  #showAxis(key: string, shown: boolean): void {
    const others = this.#axes.filter((axis) => axis.key !== key);
    const column = findColumn(this.#page.table.value, key);
    // A new axis stands before the last one, which is the main metric's place.
    this.#set({ axes: shown && column ? [...others.slice(0, -1), newAxis(column), ...others.slice(-1)] : others });
  }

  #orderByImportance(): void {
    this.#stopAsking();
    this.#stopAsking = askImportance(
      this.#page,
      (importance) => this.#set({ axes: orderedByImportance(this.#axes, importance) }),
      (text) => this.#controls.say(text),
    );
  }

  #brush(key: string, brushes: readonly Brush[], final: boolean): void {
    this.#commit(
      this.#axes.map((axis) => (axis.key === key ? withBrushes(axis, brushes) : axis)),
      final,
    );
  }

  #drag(key: string, x: number, final: boolean): void {
    const axes = this.#axes;
    const from = axes.findIndex((axis) => axis.key === key);
    this.#commit(movedAxis(axes, from, this.#scene ? nearestAxis(this.#scene.layout, x) : from), final);
  }

  #shift(key: string, by: number): void {
    const axes = this.#axes;
    const from = axes.findIndex((axis) => axis.key === key);
    this.#commit(movedAxis(axes, from, Math.min(axes.length - 1, Math.max(0, from + by))), true);
  }

  /** While something is dragged only this view and the shared filter follow; letting go writes the state. */
  #commit(axes: readonly Axis[], final: boolean): void {
    if (final) {
      this.#dragged = null;
      this.#set({ axes: [...axes] });
    } else {
      this.#dragged = axes;
      this.#draw.request();
    }
  }

  /** Tells the other views which runs the brushes let pass, where that changed. */
  #filter(): void {
    const { selection, table } = this.#page;
    const scaled = scaleAxes(table.value, this.#axes, this.#scene?.axes ?? []);
    selection.setFilter(FILTER_NAME, passingRuns(table.value, scaled));
  }

  #render(): void {
    const { clientWidth: width, clientHeight: height } = this.#plot;
    const message = this.#emptiness();
    this.#message.hidden = message === null;
    this.#message.textContent = message;
    this.#data.element.hidden = message !== null;
    this.#plot.classList.toggle('trackside-nothing', message !== null);
    if (message !== null || width === 0 || height === 0) {
      this.#scene = null;
      this.#edges.show(null);
      this.#controls.show(this.#page.table.value, this.#axes, this.#colourKey(), null, null);
      return;
    }
    const scene = this.#makeScene(width, height);
    this.#scene = scene;
    const passing = passingRuns(scene.table, scene.axes);
    this.#page.selection.setFilter(FILTER_NAME, passing);
    this.#paint(scene, passing);
    this.#showControls(scene);
  }

  #emptiness(): string | null {
    const known = this.#axes.filter((axis) => findColumn(this.#page.table.value, axis.key));
    return known.length > 0 ? null : 'no axis yet: choose one under “axes”, or log params and metrics';
  }

  /** Keeps whatever did not change, by identity, so that a brush costs neither scales nor places. */
  #makeScene(width: number, height: number): Scene {
    const table = this.#page.table.value;
    const before = this.#scene;
    this.#theme = readTheme(this.#root, this.#theme);
    const axes = scaleAxes(table, this.#axes, before?.axes ?? []);
    const geometry = JSON.stringify([
      width,
      height,
      devicePixelRatio,
      axes.map(({ axis }) => [axis.key, axis.log, axis.flipped]),
    ]);
    const same = before !== null && before.table === table && geometry === this.#shown;
    this.#shown = geometry;
    const layout = same ? before.layout : makeLayout(axes.length, width, height, isAnyMissing(axes));
    const ys = same ? before.ys : rowYs(layout, axes);
    const colouring = this.#makeColouring(axes, same);
    return { table, axes, layout, ys, theme: this.#theme, colouring, ratio: devicePixelRatio };
  }

  #makeColouring(axes: readonly ScaledAxis[], same: boolean): Colouring {
    const key = this.#colourKey();
    const theme = this.#theme ?? readTheme(this.#root);
    const name = `${key} ${theme.rgb}`;
    if (this.#colouring === null || !same || this.#colouring.key !== name) {
      const scaled = axes.map(({ axis }) => axis);
      this.#colouring = { key: name, colouring: makeColouring(this.#page.table.value, key, scaled, theme) };
    }
    return this.#colouring.colouring;
  }

  #paint(scene: Scene, passing: MaskedRuns | null): void {
    this.#surface.style.width = `${scene.layout.width}px`; // its layers let the pointer through to it
    this.#sorted = sortRows(scene, passing, this.#page.selection, this.#sorted);
    this.#stage.paint(scene, this.#sorted);
    this.#handles.show(scene.axes, scene.layout, this.#dragged === null);
    this.#edges.show(scene.layout);
    this.#emphasise();
  }

  #showControls({ table, axes, colouring }: Scene): void {
    const all = table.run_ids.length;
    const passing = this.#sorted?.coloured.length ?? all;
    const count = passing === all ? null : `${passing} of ${all} runs`;
    this.#controls.show(table, this.#axes, this.#colourKey(), colouring.legend, count);
    const label = `${passing} of ${all} runs on ${axes.length} axes: ${axes.map(({ scale }) => scale.column.name).join(', ')}`;
    this.#plot.setAttribute('aria-label', label);
    this.#data.renew();
  }

  #drawnData(): DrawnData | null {
    const columns = this.#scene?.axes.map(({ scale }) => scale.column) ?? [];
    return this.#scene && this.#sorted && runData(this.#scene.table, this.#sorted.coloured, columns);
  }

  /** Draws the pinned, ticked and hovered runs on top; the others step back while one is hovered. */
  #emphasise(): void {
    if (this.#scene !== null) {
      this.#stage.emphasise(this.#scene, emphasised(this.#scene, this.#page.selection));
    }
    if (this.#page.selection.hovered.value === null) {
      this.#tip.hide();
    }
  }

  #point(event: PointerEvent | null): void {
    const { hovered } = this.#page.selection;
    const isOnBrush = event?.target instanceof Element && event.target.closest('.trackside-brush') !== null;
    const run = event === null || event.buttons !== 0 || isOnBrush ? null : this.#runAt(event);
    hovered.value = run;
    if (run !== null && event !== null) {
      this.#tip.show(run, this.#page, event, this.#plot);
    }
  }

  #runAt(event: PointerEvent): string | null {
    if (this.#scene === null || this.#sorted === null) {
      return null;
    }
    const { layout, ys, table } = this.#scene;
    const bounds = this.#surface.getBoundingClientRect();
    const place = [event.clientX - bounds.left, event.clientY - bounds.top] as const;
    if (place[1] < layout.top - REACH) {
      return null;
    }
    return table.run_ids[nearestRow(layout, ys, this.#sorted.coloured, place, REACH)] ?? null;
  }
}
