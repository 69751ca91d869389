import './history.css';
import { DataBehind } from '../data-behind';
import { make } from '../elements';
import { oncePerFrame } from '../frames';
import { Observable } from '../observable';
import { offerPicture } from '../picture';
import type { Theme } from '../theme';
import { followTheme, readTheme } from '../theme';
import { type Undo, undoAll } from '../undo';
import type { Page, View } from '../view';
import { changedRuns } from './changed-runs';
import { chooseRuns, columnsFor } from './chosen-runs';
import { drawnMetrics } from './drawn-metrics';
import { type Group, groupRuns, type Look, lineLooks } from './groups';
import { HistoryControls } from './history-controls';
import { type DrawnMetric, historyData } from './history-data';
import { historyPicture } from './history-picture';
import { Legend } from './legend';
import type { Extent } from './lines';
import { NO_HISTORY } from './messages';
import { MetricChart } from './metric-chart';
import { sharedNotes } from './notes';
import { type Plan, planFor } from './plan';
import { SharedX } from './shared-x';

/** So many charts are asked for at once; the others when they come into sight. */
const EAGER_CHARTS = 6;
/** Of a line that went away while the pointer was on it. */
const UNKNOWN: Look = { name: '', colour: 'transparent', dash: [] };
/** While a brush is dragged, the runs to ask for change with every frame. */
const SETTLE_MS = 120;

/** Draws metrics of many runs over step, time or another metric: a chart for each. */
export const historyView: View = (element, page) => {
  const panel = new HistoryPanel(element, page);
  return () => panel.dispose();
};

class HistoryPanel {
  readonly #page: Page;
  readonly #sharedX = new SharedX();
  readonly #zoom = new Observable<Extent | null>(null);
  readonly #hidden = new Observable<ReadonlySet<string>>(new Set());
  /** The line looked at: a run's, or a group's. */
  readonly #focused = new Observable<string | null>(null);
  readonly #draw = oncePerFrame(() => this.#render());
  readonly #controls: HistoryControls;
  readonly #legend: Legend;
  readonly #root: HTMLElement;
  readonly #grid = make('div', { class: 'trackside-charts' });
  readonly #empty = make('div', { class: 'trackside-empty', role: 'status', hidden: true }, NO_HISTORY);
  readonly #notes = make('div', { class: 'trackside-note' });
  readonly #data = new DataBehind('the history', () => historyData(this.#drawn, this.#look));
  readonly #charts = new Map<string, MetricChart>();
  readonly #seen = new Set<Element>();
  readonly #sight: IntersectionObserver;
  readonly #resized: ResizeObserver;
  readonly #undo: Undo;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #theme: Theme | null = null;
  #groups: readonly Group[] | null = null;
  #looks: ReadonlyMap<string, Look> = new Map();
  /** The look of a line that is drawn: a run's, or a group's. */
  readonly #look = (id: string): Look => this.#looks.get(id) ?? UNKNOWN;

  constructor(element: HTMLElement, page: Page) {
    this.#page = page;
    this.#controls = new HistoryControls(page, () => this.#resetZoom());
    this.#legend = new Legend({ toggle: (id) => this.#toggle(id), hover: (id) => this.#focus(id) });
    this.#root = make(
      'section',
      { class: 'trackside-history', 'aria-label': 'Metric history' },
      this.#controls.element,
      this.#empty,
      this.#grid,
      this.#legend.element,
      this.#notes,
      this.#data.element,
    );
    this.#sight = new IntersectionObserver((entries) => {
      for (const { target } of entries.filter(({ isIntersecting }) => isIntersecting)) {
        this.#seen.add(target);
      }
      this.#ask();
    });
    this.#resized = new ResizeObserver(() => {
      this.#draw.request();
      this.#ask();
    });
    this.#resized.observe(this.#root);
    offerPicture(this.#root, 'history', () => this.#picture());
    element.append(this.#root);
    this.#undo = this.#listen();
    this.#draw.request();
  }

  dispose(): void {
    this.#undo();
    this.#data.dispose();
    clearTimeout(this.#settling);
    this.#draw.cancel();
    for (const chart of this.#charts.values()) {
      chart.dispose();
    }
    this.#root.remove();
  }

  #listen(): Undo {
    const { selection, state, table } = this.#page;
    const draw = this.#draw.request;
    const settle = (): void => {
      draw();
      clearTimeout(this.#settling);
      this.#settling = setTimeout(() => this.#ask(), SETTLE_MS);
    };
    let axis = state.value.x;
    let before = table.value;
    return undoAll([
      () => this.#resized.disconnect(),
      () => this.#sight.disconnect(),
      this.#controls.dispose,
      followTheme(draw),
      this.#hidden.subscribe(draw),
      this.#zoom.subscribe(() => {
        draw();
        this.#ask();
      }),
      selection.filters.subscribe(settle),
      selection.ticked.subscribe(settle),
      selection.pinned.subscribe(settle),
      selection.hovered.subscribe((run) => {
        this.#focused.value = run === null ? null : this.#lineOf(run);
      }),
      this.#focused.subscribe(() => this.#emphasise()),
      state.subscribe(({ x }) => {
        if (x !== axis) {
          axis = x;
          this.#zoom.value = null;
        }
        draw();
        this.#ask();
      }),
      table.subscribe((now) => {
        const changed = changedRuns(before, now);
        before = now;
        for (const { loader } of this.#charts.values()) {
          loader.outdate(changed);
        }
        draw();
        this.#ask();
      }),
    ]);
  }

  /** Asks for what is to be drawn and not yet known. */
  #ask(): void {
    const { selection, state, table } = this.#page;
    const { runs } = chooseRuns(table.value, selection);
    if (runs.length === 0) {
      return;
    }
    const { x = 'step', log_x = false } = state.value;
    const range = this.#zoom.value;
    for (const [at, { metric, loader, element, plot }] of [...this.#charts.values()].entries()) {
      const pixels = columnsFor(plot.clientWidth, runs.length);
      if (plot.clientWidth > 0 && (at < EAGER_CHARTS || this.#seen.has(element))) {
        loader.ask({ run_ids: [...runs], metric, x, pixels, log_x, range });
      }
    }
  }

  #render(): void {
    this.#controls.show(this.#zoom.value !== null);
    this.#syncCharts();
    const { state, table } = this.#page;
    this.#groups = groupRuns(table.value, state.value.group_by);
    const charts = [...this.#charts.values()];
    const plans = charts.map((chart) => this.#plan(chart.metric));
    for (const [at, plan] of plans.entries()) {
      charts[at]?.prepare(plan);
    }
    const lines = new Set(charts.flatMap(({ passing }) => passing.map(({ id }) => id)));
    this.#looks = lineLooks(lines, table.value, this.#groups);
    const extents = plans.map((plan, at) => charts[at]?.xExtent(plan) ?? null);
    const x = plans[0] ? this.#sharedX.of(extents, this.#zoom.value, plans[0]) : null;
    for (const [at, plan] of plans.entries()) {
      charts[at]?.draw(plan, x);
    }
    this.#showLegend();
    this.#showNotes(plans);
    this.#data.element.hidden = this.#drawn.length === 0;
    this.#data.renew();
    this.#emphasise();
  }

  /** Makes the charts that the state names, in their order. */
  #syncCharts(): void {
    const table = this.#page.table.value;
    const metrics = drawnMetrics(this.#page.state.value, table);
    this.#empty.hidden = metrics.length > 0;
    this.#grid.hidden = metrics.length === 0;
    this.#controls.element.hidden = table.metrics.length === 0; // those of the machine can be chosen, too
    if (metrics.join('\n') === [...this.#charts.keys()].join('\n')) {
      return;
    }
    const before = new Map(this.#charts);
    this.#charts.clear();
    for (const metric of metrics) {
      this.#charts.set(metric, before.get(metric) ?? this.#newChart(metric));
      before.delete(metric);
    }
    for (const chart of before.values()) {
      this.#resized.unobserve(chart.plot);
      this.#sight.unobserve(chart.element);
      chart.dispose();
    }
    this.#grid.replaceChildren(...[...this.#charts.values()].map(({ element }) => element));
    this.#grid.toggleAttribute('data-single', metrics.length === 1);
  }

  #newChart(metric: string): MetricChart {
    const chart = new MetricChart(metric, {
      source: this.#page.source,
      zoom: this.#zoom,
      focus: (id) => this.#focus(id),
      move: (moved, x) => this.#follow(moved, x),
      remove: (gone) => {
        const metrics = [...this.#charts.keys()].filter((one) => one !== gone);
        this.#page.state.value = { ...this.#page.state.value, metrics };
      },
    });
    chart.loader.history.subscribe(this.#draw.request);
    chart.loader.status.subscribe(this.#draw.request);
    chart.plot.setAttribute('aria-details', this.#data.element.id);
    this.#resized.observe(chart.plot);
    this.#sight.observe(chart.element);
    return chart;
  }

  #plan(metric: string): Plan {
    this.#theme = readTheme(this.#root, this.#theme);
    const [hidden, theme] = [this.#hidden.value, this.#theme];
    return planFor(metric, this.#page, { groups: this.#groups, hidden, theme, look: this.#look });
  }

  #showLegend(): void {
    const { selection, table } = this.#page;
    const lines: readonly { id: string; runs?: Group['runs'] }[] =
      this.#groups ?? table.value.run_ids.map((id) => ({ id }));
    this.#legend.show(
      lines.flatMap(({ id, runs }) => {
        const look = this.#looks.get(id);
        const count = runs && ` (${[...runs].filter((run) => selection.passes(run)).length})`;
        const [shown, pinned] = [!this.#hidden.value.has(id), id === selection.pinned.value];
        return look ? [{ id, ...look, name: look.name + (count ?? ''), shown, pinned }] : [];
      }),
    );
  }

  #showNotes(plans: readonly Plan[]): void {
    const { state, selection, table } = this.#page;
    const { runs, wanted } = chooseRuns(table.value, selection);
    const notes = sharedNotes(runs.length, wanted, this.#groups && (state.value.band ?? 'std'));
    const charts = [...this.#charts.values()];
    for (const [at, plan] of plans.entries()) {
      const own = charts[at]?.notes(plan) ?? [];
      charts[at]?.showNotes(charts.length > 1 ? own : []);
      notes.push(...(charts.length > 1 ? [] : own));
    }
    this.#notes.textContent = notes.join(' · ');
  }

  /** The line that shows a run: its own, or its group's. */
  #lineOf(run: string): string | null {
    return this.#groups === null ? run : (this.#groups.find(({ runs }) => runs.has(run))?.id ?? null);
  }

  #focus(id: string | null): void {
    if (this.#groups === null) {
      this.#page.selection.hovered.value = id;
    }
    this.#focused.value = id;
  }

  #emphasise(): void {
    const id = this.#focused.value;
    const pinned = this.#page.selection.pinned.value;
    for (const chart of this.#charts.values()) {
      chart.focus(id, pinned);
    }
    this.#legend.highlight(id);
  }

  #follow(moved: MetricChart, x: number | null): void {
    for (const chart of this.#charts.values()) {
      if (chart !== moved) {
        chart.follow(x, this.#focused.value);
      }
    }
  }

  #toggle(id: string): void {
    const hidden = new Set(this.#hidden.value);
    if (!hidden.delete(id)) {
      hidden.add(id);
    }
    this.#hidden.value = hidden;
  }

  #resetZoom(): void {
    this.#zoom.value = null;
  }

  get #drawn(): DrawnMetric[] {
    return [...this.#charts.values()].flatMap(({ metric, scene }) => (scene ? [{ metric, scene }] : []));
  }

  #picture(): HTMLCanvasElement | null {
    const drawn = this.#drawn;
    return drawn.length === 0 ? null : historyPicture(drawn, this.#look);
  }
}
