import './history.css';
import { runColour, runDash } from '../colours';
import { make } from '../elements';
import { oncePerFrame } from '../frames';
import { Observable } from '../observable';
import { offerPicture } from '../picture';
import { runName } from '../runs';
import type { Theme } from '../theme';
import { followTheme, readTheme } from '../theme';
import type { Page, View } from '../view';
import type { History } from '../wire';
import type { AxesKind } from './axes';
import type { Scene } from './chart';
import { HistoryChart } from './chart';
import { chooseRuns } from './chosen-runs';
import { countHidden, xExtent, yExtent } from './extents';
import { drawnMetric, HistoryControls } from './history-controls';
import { HistoryLoader } from './history-loader';
import { historyPicture } from './history-picture';
import { Legend } from './legend';
import type { LineStyle } from './line-painter';
import type { DecodedLine, DrawnLine, Extent } from './lines';
import { decodeLines, smoothLines, withoutSingles } from './lines';
import { historyMessage } from './messages';
import { historyNotes } from './notes';
import { Pointing } from './pointing';

const PIXELS_STEP = 100;
/** With more lines, the envelopes of all of them would hide each other; the one pointed at still shows its own. */
const MOST_BANDS = 40;
/** While a brush is dragged, the runs to ask for change with every frame. */
const SETTLE_MS = 120;

/** Draws one metric of many runs over step or time. */
export const historyView: View = (element, page) => {
  const panel = new HistoryPanel(element, page);
  return () => panel.dispose();
};

class HistoryPanel {
  readonly #page: Page;
  readonly #loader: HistoryLoader;
  readonly #zoom = new Observable<Extent | null>(null);
  readonly #hidden = new Observable<ReadonlySet<string>>(new Set());
  readonly #draw = oncePerFrame(() => this.#render());
  readonly #controls: HistoryControls;
  readonly #chart: HistoryChart;
  readonly #pointing: Pointing;
  readonly #legend: Legend;
  readonly #root: HTMLElement;
  readonly #plot = make('div', { class: 'trackside-plot', tabindex: '0', role: 'group' });
  readonly #message = make('div', { class: 'trackside-message', role: 'status', hidden: true });
  readonly #notes = make('div', { class: 'trackside-note' });
  readonly #undo: (() => void)[] = [];
  #settling: ReturnType<typeof setTimeout> | undefined;
  #asked = '';
  #theme: Theme | null = null;
  #scene: Scene | null = null;
  #decoded: { history: History; lines: readonly DecodedLine[] } | null = null;
  /** Runs with one point of the metric in all, and the values of those that are left out for it. */
  #single: ReadonlySet<string> = new Set();
  #singles: readonly number[] = [];
  #smoothed: { of: readonly DecodedLine[]; weight: number; lines: readonly DrawnLine[] } | null = null;

  constructor(element: HTMLElement, page: Page) {
    this.#page = page;
    this.#loader = new HistoryLoader(page.source);
    this.#controls = new HistoryControls(page, () => this.#resetZoom());
    this.#chart = new HistoryChart({
      zoom: (x) => {
        this.#zoom.value = x;
      },
      reset: () => this.#resetZoom(),
      point: (place) => this.#pointing.point(place),
    });
    this.#pointing = new Pointing(page, this.#chart, this.#plot, this.#zoom);
    this.#legend = new Legend({
      toggle: (run) => this.#toggle(run),
      hover: (run) => {
        page.selection.hovered.value = run;
      },
    });
    this.#plot.append(this.#chart.element, this.#pointing.element, this.#message);
    this.#root = make(
      'section',
      { class: 'trackside-history', 'aria-label': 'Metric history' },
      this.#controls.element,
      this.#plot,
      this.#legend.element,
      this.#notes,
    );
    offerPicture(this.#root, 'history', () => historyPicture(this.#scene, page.table.value, drawnMetric(page) ?? ''));
    element.append(this.#root);
    this.#listen();
  }

  dispose(): void {
    for (const undo of this.#undo) {
      undo();
    }
    clearTimeout(this.#settling);
    this.#draw.cancel();
    this.#loader.dispose();
    this.#chart.dispose();
    this.#root.remove();
  }

  #listen(): void {
    const { selection, state, table } = this.#page;
    const draw = this.#draw.request;
    const settle = (): void => {
      draw();
      clearTimeout(this.#settling);
      this.#settling = setTimeout(() => this.#ask(), SETTLE_MS);
    };
    const resized = new ResizeObserver(() => {
      draw();
      this.#ask();
    });
    resized.observe(this.#plot);
    resized.observe(this.#root);
    let axis = state.value.x;
    this.#undo.push(
      () => resized.disconnect(),
      followTheme(draw),
      this.#loader.history.subscribe(draw),
      this.#loader.status.subscribe((status) => {
        // What failed may be asked again, as soon as anything happens.
        this.#asked = status.kind === 'failed' ? '' : this.#asked;
        draw();
      }),
      this.#hidden.subscribe(draw),
      this.#zoom.subscribe(() => {
        draw();
        this.#ask();
      }),
      selection.filters.subscribe(settle),
      selection.ticked.subscribe(settle),
      selection.pinned.subscribe(settle),
      selection.hovered.subscribe(() => this.#emphasise()),
      state.subscribe(({ x }) => {
        if (x !== axis) {
          axis = x;
          this.#zoom.value = null;
        }
        draw();
        this.#ask();
      }),
      table.subscribe(() => {
        draw();
        this.#ask(true);
      }),
    );
  }

  /** Asks for what is to be drawn, unless that was the last question; `again` asks anyhow, for there is news. */
  #ask(again = false): void {
    const metric = drawnMetric(this.#page);
    const { runs } = chooseRuns(this.#page.table.value, this.#page.selection);
    const width = this.#root.clientWidth;
    if (metric === null || runs.length === 0 || width === 0) {
      return;
    }
    const { x = 'step', log_x = false } = this.#page.state.value;
    const pixels = Math.ceil(width / PIXELS_STEP) * PIXELS_STEP;
    const wanted = { run_ids: [...runs], metric, x, pixels, log_x, range: this.#zoom.value };
    const question = JSON.stringify(wanted);
    if (again || question !== this.#asked) {
      this.#asked = question;
      this.#loader.ask(wanted);
    }
  }

  #render(): void {
    this.#controls.show(this.#zoom.value !== null);
    const visible = this.#visibleLines();
    const { lines, singles } = withoutSingles(visible, ({ run }) => this.#single.has(run));
    this.#singles = singles;
    const shown = lines.filter((line) => !this.#hidden.value.has(line.run));
    this.#scene = this.#sceneOf(shown);
    this.#showMessage(lines.length, shown.length);
    this.#showLegend(lines);
    const { clientWidth: width, clientHeight: height } = this.#plot;
    if (this.#scene !== null && width > 0 && height > 0) {
      this.#chart.show(this.#scene, { width, height });
      this.#pointing.lines = this.#scene.lines;
      this.#describe(this.#scene);
      this.#emphasise();
    }
    this.#root.toggleAttribute('aria-busy', this.#loader.status.value.kind === 'loading');
  }

  /** The lines that pass all filters, the pinned run last so that it lies on top. */
  #visibleLines(): DrawnLine[] {
    const { selection } = this.#page;
    const rank = ({ run }: DrawnLine): number =>
      run === selection.pinned.value ? 2 : selection.ticked.value.has(run) ? 1 : 0;
    return this.#drawnLines()
      .filter((line) => selection.passes(line.run))
      .sort((a, b) => rank(a) - rank(b));
  }

  /** The answer's lines, decoded and smoothed; each is done again only when what it is made of changed. */
  #drawnLines(): readonly DrawnLine[] {
    const history = this.#loader.history.value;
    if (history === null || drawnMetric(this.#page) === null) {
      return [];
    }
    if (this.#decoded?.history !== history) {
      this.#decoded = { history, lines: decodeLines(history) };
      // Within a zoom a long line may have a single point, too.
      if (!history.range) {
        this.#single = new Set(this.#decoded.lines.filter(({ points }) => points === 1).map(({ run }) => run));
      }
    }
    const weight = this.#page.state.value.smoothing ?? 0;
    if (this.#smoothed?.of !== this.#decoded.lines || this.#smoothed.weight !== weight) {
      this.#smoothed = { of: this.#decoded.lines, weight, lines: smoothLines(this.#decoded.lines, weight) };
    }
    return this.#smoothed.lines;
  }

  #sceneOf(lines: readonly DrawnLine[]): Scene | null {
    const { x = 'step', log_x: logX = false, log_y: logY = false } = this.#page.state.value;
    const axes: AxesKind = { x, logX, logY };
    const zoom = this.#zoom.value;
    // A zoom from before log x was turned on may begin where no logarithm is.
    const shownX = zoom !== null && !(logX && zoom[0] <= 0) ? zoom : xExtent(lines, logX);
    const shownY = (shownX && yExtent(lines, shownX, logY)) ?? (shownX && lines.length > 0 ? [1, 10] : null);
    if (shownX === null || shownY === null) {
      return null;
    }
    this.#theme = readTheme(this.#root, this.#theme);
    return { lines, x: shownX, y: shownY, axes, theme: this.#theme, style: this.#styles(lines.length) };
  }

  #styles(count: number): (run: string) => LineStyle {
    const table = this.#page.table.value;
    const { pinned, ticked } = this.#page.selection;
    const width = count > 30 ? 1.25 : 1.6;
    const behind = count > MOST_BANDS ? 0 : Math.min(1, 8 / count);
    return (run) => ({
      colour: runColour(run, table),
      dash: runDash(run, table),
      width: run === pinned.value ? 3 : ticked.value.has(run) ? width + 0.6 : width,
      behind,
      alpha: ticked.value.size === 0 || ticked.value.has(run) || run === pinned.value ? 1 : 0.25,
    });
  }

  #showMessage(passing: number, shown: number): void {
    const message = historyMessage({
      runs: this.#page.table.value.run_ids.length,
      metric: drawnMetric(this.#page),
      history: this.#loader.history.value,
      status: this.#loader.status.value,
      passing,
      shown,
      drawable: this.#scene !== null,
    });
    this.#message.hidden = message === null;
    this.#message.textContent = message?.text ?? null;
    this.#message.dataset['kind'] = message?.kind ?? '';
    this.#plot.classList.toggle('trackside-nothing', message !== null);
    this.#notes.textContent = message === null ? this.#noteText().join(' · ') : '';
  }

  #noteText(): string[] {
    const { log_x: logX = false, log_y: logY = false } = this.#page.state.value;
    const lines = this.#scene?.lines ?? [];
    const { runs, wanted } = chooseRuns(this.#page.table.value, this.#page.selection);
    return historyNotes({
      lines,
      chosen: runs.length,
      wanted,
      hidden: countHidden(lines, logX, logY),
      singles: this.#singles,
      age: this.#loader.history.value?.age ?? null,
      status: this.#loader.status.value,
    });
  }

  #showLegend(lines: readonly DrawnLine[]): void {
    const table = this.#page.table.value;
    const pinned = this.#page.selection.pinned.value;
    this.#legend.show(
      lines
        .map(({ run }) => ({
          run,
          name: runName(run, table),
          colour: runColour(run, table),
          dash: runDash(run, table),
          shown: !this.#hidden.value.has(run),
          pinned: run === pinned,
        }))
        .sort((a, b) => table.run_ids.indexOf(a.run) - table.run_ids.indexOf(b.run)),
    );
  }

  #describe({ lines, axes }: Scene): void {
    const metric = drawnMetric(this.#page) ?? '';
    this.#plot.setAttribute(
      'aria-label',
      `${metric} by ${axes.x}, ${lines.length} ${lines.length === 1 ? 'line' : 'lines'}. ` +
        'Left and right read values, plus and minus zoom, 0 shows all.',
    );
  }

  #emphasise(): void {
    const { hovered, pinned } = this.#page.selection;
    const run = hovered.value;
    const lines = this.#scene?.lines ?? [];
    const found = lines.some((line) => line.run === run);
    this.#chart.focus(found ? lines.filter((line) => line.run === run || line.run === pinned.value) : []);
    this.#legend.highlight(run);
    this.#pointing.highlight(run);
  }

  #toggle(run: string): void {
    const hidden = new Set(this.#hidden.value);
    if (!hidden.delete(run)) {
      hidden.add(run);
    }
    this.#hidden.value = hidden;
  }

  #resetZoom(): void {
    this.#zoom.value = null;
  }
}
