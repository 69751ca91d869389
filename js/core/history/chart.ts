import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import { make } from '../elements';
import { halo } from '../theme';
import { historyAxes } from './axes';
import type { LineStyle, Window } from './line-painter';
import { paintLine, paintMarks, paintRing, position, RING_ROOM, valueAt } from './line-painter';
import type { DrawnLine, Extent } from './lines';
import { movedIn, needsNewAxes, type Scene } from './scene';

/** What people do on a chart. */
export interface ChartEvents {
  zoom(x: Extent): void;
  reset(): void;
  /** The pointer is at this place of the plot area, in CSS pixels; null when it has left. */
  point(place: { readonly left: number; readonly top: number } | null): void;
}

const SHORTEST_DRAG = 6;
/** With more lines, the best points of all of them would hide the lines; the one pointed at still shows its own. */
const MOST_RINGS = 40;

/**
 * uPlot draws the axes and handles the pointer; the lines are on a canvas of their own above it, and those
 * emphasised on another, so that moving the pointer over a hundred lines draws one line.
 */
export class HistoryChart {
  readonly element = make('div', { class: 'trackside-history-chart' });
  readonly #lines = make('canvas', { class: 'trackside-history-lines' });
  readonly #live = make('canvas', { class: 'trackside-history-lines' });
  readonly #focus = make('canvas', { class: 'trackside-history-lines' });
  readonly #crosshair = make('div', { class: 'trackside-crosshair', hidden: true });
  readonly #events: ChartEvents;
  readonly #zoom: number;
  #plot: uPlot | null = null;
  #scene: Scene | null = null;
  #focused: readonly DrawnLine[] = [];
  /** The lines that went on while all else stood still: they are on a canvas of their own. */
  #moving: ReadonlySet<string> = new Set();
  #size = { width: 0, height: 0 };

  /** Everything is drawn `zoom` times as large. */
  constructor(events: ChartEvents, zoom = 1) {
    this.#events = events;
    this.#zoom = zoom;
  }

  /** Draws a scene at a size in CSS pixels, at once. */
  show(scene: Scene, size: { readonly width: number; readonly height: number }): void {
    const before = this.#scene;
    const moved =
      before && size.width === this.#size.width && size.height === this.#size.height && movedIn(before, scene);
    if (moved) {
      this.#scene = scene;
      this.#move(moved);
      return;
    }
    this.#moving = new Set();
    const resized = size.width !== this.#size.width || size.height !== this.#size.height;
    this.#scene = scene;
    this.#size = { ...size };
    if (this.#plot === null || before === null || needsNewAxes(before, scene)) {
      this.#build(scene);
    } else {
      this.#plot.batch((plot: uPlot) => {
        if (resized) {
          plot.setSize(size);
        }
        plot.setData(corners(scene));
      });
    }
  }

  /** Draws anew what moved: the moving lines only, unless one has begun to move. */
  #move(moved: readonly string[]): void {
    const begins = moved.some((id) => !this.#moving.has(id));
    if (begins) {
      this.#moving = new Set([...this.#moving, ...moved]);
      this.#paint();
    } else if (moved.length > 0) {
      this.#paintLines(this.#live, (id) => this.#moving.has(id));
      this.#paintFocus();
    }
  }

  /** Emphasises some lines; the others step back while there are any. */
  focus(lines: readonly DrawnLine[]): void {
    const before = this.#focused;
    if (lines.length !== before.length || lines.some((line, at) => line !== before[at])) {
      this.#focused = lines;
      for (const canvas of [this.#lines, this.#live]) {
        canvas.classList.toggle('trackside-dimmed', lines.length > 0);
      }
      this.#paintFocus();
    }
  }

  /** The plot area's own size, in CSS pixels before zoom. */
  get area(): { readonly width: number; readonly height: number } {
    const box = this.#plot?.bbox;
    const ratio = uPlot.pxRatio * this.#zoom;
    return box ? { width: box.width / ratio, height: box.height / ratio } : { width: 0, height: 0 };
  }

  /** The shown part of the data on the plot area. */
  get window(): Window | null {
    const scene = this.#scene;
    return scene && { x: scene.x, y: scene.y, logX: scene.axes.logX, logY: scene.axes.logY, ...this.area };
  }

  /** Moves the crosshair to a place of the plot area, as the pointer would. */
  point(left: number, top: number): void {
    this.#plot?.setCursor({ left, top });
  }

  /** Shows where another chart points to, or with null nothing. */
  showCrosshair(x: number | null): void {
    const window = this.window;
    const left = x === null || window === null ? -1 : position(x, window.x, window.logX, window.width);
    this.#crosshair.hidden = window === null || left < 0 || left > window.width;
    this.#crosshair.style.transform = `translateX(${Math.round(left)}px)`;
  }

  /** The element the pointer moves over. */
  get over(): HTMLElement | null {
    return this.#plot?.over ?? null;
  }

  /** Copies axes and lines onto another canvas, at the size they would have without zoom. */
  copyTo(context: CanvasRenderingContext2D, left: number, top: number): void {
    const plot = this.#plot;
    if (plot === null) {
      return;
    }
    const ratio = uPlot.pxRatio * this.#zoom;
    const axes = plot.ctx.canvas;
    const box = plot.bbox;
    context.drawImage(axes, left, top, axes.width / ratio, axes.height / ratio);
    const [x, y] = [left + (box.left - this.#room) / ratio, top + (box.top - this.#room) / ratio];
    for (const canvas of [this.#lines, this.#live]) {
      context.drawImage(canvas, x, y, canvas.width / ratio, canvas.height / ratio);
    }
  }

  dispose(): void {
    this.#plot?.destroy();
    this.#plot = null;
    this.element.remove();
  }

  #build(scene: Scene): void {
    this.#plot?.destroy();
    this.element.replaceChildren();
    this.#plot = new uPlot(this.#options(scene), corners(scene), this.element);
    this.#plot.over.before(this.#lines, this.#live, this.#focus);
    this.#plot.over.append(this.#crosshair);
    // uPlot draws in a microtask; a batch draws now, so that a picture can be taken at once.
    this.#plot.batch((plot: uPlot) => plot.redraw());
  }

  #options(scene: Scene): uPlot.Options {
    const { logX, logY } = scene.axes;
    return {
      ...this.#size,
      legend: { show: false },
      padding: [8 * this.#zoom, 16 * this.#zoom, 0, 0],
      scales: {
        x: { time: false, distr: logX ? 3 : 1, range: () => [...(this.#scene ?? scene).x] },
        y: { distr: logY ? 3 : 1, range: () => [...(this.#scene ?? scene).y] },
      },
      series: [{}, { paths: () => null, points: { show: false } }],
      axes: historyAxes(scene.axes, scene.theme, this.#zoom),
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: SHORTEST_DRAG },
        bind: {
          dblclick: () => () => {
            this.#events.reset();
            return null;
          },
        },
      },
      hooks: {
        draw: [() => this.#paint()],
        setCursor: [(plot) => this.#pointed(plot)],
        setSelect: [(plot) => this.#selected(plot)],
      },
    };
  }

  #pointed(plot: uPlot): void {
    const { left = -1, top = -1 } = plot.cursor;
    this.#events.point(left < 0 || top < 0 ? null : { left, top });
  }

  #selected(plot: uPlot): void {
    const { left, width } = plot.select;
    const window = this.window;
    if (window === null || width < SHORTEST_DRAG) {
      return;
    }
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#events.zoom([
      valueAt(left, window.x, window.logX, window.width),
      valueAt(left + width, window.x, window.logX, window.width),
    ]);
  }

  #paint(): void {
    this.#paintLines(this.#lines, (id) => !this.#moving.has(id));
    this.#paintLines(this.#live, (id) => this.#moving.has(id));
    this.#paintFocus();
  }

  #paintLines(canvas: HTMLCanvasElement, isOn: (id: string) => boolean): void {
    const scene = this.#scene;
    const window = this.window;
    const context = this.#prepare(canvas);
    if (scene !== null && window !== null && context !== null) {
      const lines = scene.lines.filter(({ id }) => isOn(id));
      const styled = lines.map((line) => [line, scene.style(line.id)] as const);
      paintStyled(context, window, styled);
      if (scene.lines.length <= MOST_RINGS) {
        this.#paintRings(context, scene, window, lines);
      }
    }
  }

  #paintFocus(): void {
    const scene = this.#scene;
    const window = this.window;
    const context = this.#prepare(this.#focus);
    if (scene !== null && window !== null && context !== null) {
      const styled = this.#focused.map((line) => {
        const style = scene.style(line.id);
        const width = Math.max(2.5, style.width);
        return [line, { ...style, dash: style.ownDash, alpha: 1, behind: 1, width }] as const;
      });
      paintStyled(context, window, styled);
      this.#paintRings(context, scene, window, this.#focused);
    }
  }

  #paintRings(context: CanvasRenderingContext2D, scene: Scene, window: Window, lines: readonly DrawnLine[]): void {
    for (const { id } of lines) {
      const best = scene.best.get(id);
      if (best !== undefined) {
        const { colour, alpha } = scene.style(id);
        context.globalAlpha = alpha;
        paintRing(context, best, window, { colour, ground: halo(scene.theme) });
      }
    }
    context.globalAlpha = 1;
  }

  /** How far canvases reach beyond the plot area, in pixels of theirs. */
  get #room(): number {
    return Math.round(RING_ROOM * uPlot.pxRatio * this.#zoom);
  }

  /** Lays a canvas over the plot area and some room around it, empty, with CSS pixels of the plot area as its unit. */
  #prepare(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
    const plot = this.#plot;
    const context = canvas.getContext('2d');
    if (plot === null || context === null) {
      return null;
    }
    const room = this.#room;
    const [left, top] = [plot.bbox.left - room, plot.bbox.top - room];
    const [width, height] = [plot.bbox.width + 2 * room, plot.bbox.height + 2 * room];
    const ratio = uPlot.pxRatio;
    if (canvas.width === width && canvas.height === height) {
      // Setting a canvas's size, even to what it is, takes it new memory.
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, width, height);
    } else {
      canvas.width = width;
      canvas.height = height;
    }
    Object.assign(canvas.style, {
      left: `${left / ratio}px`,
      top: `${top / ratio}px`,
      width: `${width / ratio}px`,
      height: `${height / ratio}px`,
    });
    context.translate(room, room);
    context.scale(ratio * this.#zoom, ratio * this.#zoom);
    return context;
  }
}

/** Draws lines within the plot area alone, and their marks. */
function paintStyled(
  context: CanvasRenderingContext2D,
  window: Window,
  lines: readonly (readonly [DrawnLine, LineStyle])[],
): void {
  context.save();
  context.beginPath();
  context.rect(0, 0, window.width, window.height);
  context.clip();
  for (const [line, style] of lines) {
    paintLine(context, line, window, style);
  }
  context.restore();
  for (const [line, style] of lines) {
    paintMarks(context, line, window, style);
  }
}

/** The data uPlot is given: the corners of what is shown. */
function corners({ x, y }: Scene): uPlot.AlignedData {
  return [[...x], [...y]];
}
