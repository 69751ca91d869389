import { make } from '../elements';
import { formatNumber } from '../numbers';
import type { Observable } from '../observable';
import type { Source } from '../source';
import type { Column, History } from '../wire';
import { xTitle } from './axes';
import { groupLine } from './bands';
import { type BestPoint, bestPoint } from './best-points';
import { HistoryChart } from './chart';
import { clippedExtent, countHidden, countOutside, steadyExtent, xExtent, yExtent } from './extents';
import type { Group } from './groups';
import { HistoryLoader } from './history-loader';
import type { LineStyle } from './line-painter';
import type { DecodedLine, DrawnLine, Extent } from './lines';
import { decodeLines, smoothLines, withoutSingles } from './lines';
import { historyMessage } from './messages';
import { type Circumstances, chartNotes } from './notes';
import type { Plan } from './plan';
import { Pointing } from './pointing';
import { readAt } from './readout';
import type { Scene } from './scene';

/** The y axis where no value has a place on it. */
const UNKNOWN: Extent = [1, 10];

/** What a chart shares with the others. */
export interface ChartShare {
  readonly source: Source;
  readonly zoom: Observable<Extent | null>;
  focus(id: string | null): void;
  move(chart: MetricChart, x: number | null): void;
  remove(metric: string): void;
}

/** The history of one metric: its lines, its chart and what is said about it. */
export class MetricChart {
  readonly metric: string;
  readonly loader: HistoryLoader;
  readonly plot = make('div', { class: 'trackside-plot', tabindex: '0', role: 'group' });
  readonly element: HTMLElement;
  /** What is drawn, or null while nothing can be. */
  scene: Scene | null = null;
  /** The lines that pass all filters, hidden ones too. */
  passing: readonly DrawnLine[] = [];
  readonly #chart: HistoryChart;
  readonly #pointing: Pointing;
  readonly #value = make('span', { class: 'trackside-chart-value' });
  readonly #isLive: boolean;
  readonly #notes = make('div', { class: 'trackside-note' });
  readonly #message = make('div', { class: 'trackside-message', role: 'status', hidden: true });
  readonly #groupLines = new Map<string, { of: readonly DecodedLine[]; how: string; line: DrawnLine }>();
  /** Runs with one point of the metric in all, and the values of those that are left out for it. */
  #single: ReadonlySet<string> = new Set();
  #singles: readonly number[] = [];
  #best = new Map<string, BestPoint>();

  constructor(metric: string, share: ChartShare) {
    this.metric = metric;
    this.loader = new HistoryLoader(share.source);
    this.#isLive = share.source.live;
    this.#chart = new HistoryChart({
      zoom: (x) => {
        share.zoom.value = x;
      },
      reset: () => {
        share.zoom.value = null;
      },
      point: (place) => this.#pointing.point(place),
    });
    this.#pointing = new Pointing(this.#chart, this.plot, {
      zoom: share.zoom,
      focus: share.focus,
      move: (x) => share.move(this, x),
    });
    this.plot.append(this.#chart.element, this.#pointing.element, this.#message);
    const title = `Take ${metric} away`;
    const remove = { type: 'button', class: 'trackside-link', title, 'aria-label': title };
    this.element = make(
      'figure',
      { class: 'trackside-chart' },
      make(
        'figcaption',
        {},
        make('b', { title: metric }, metric),
        this.#value,
        make('button', { ...remove, click: () => share.remove(metric) }, '×'),
      ),
      this.plot,
      this.#notes,
    );
  }

  dispose(): void {
    this.loader.dispose();
    this.#chart.dispose();
    this.element.remove();
  }

  /** Works out the lines to draw. */
  prepare(plan: Plan): void {
    const history = this.loader.history.value;
    const decoded = history === null ? [] : decodeLines(history);
    // Within a zoom a long line may have a single point, too.
    if (history !== null && !history.range) {
      this.#single = new Set(decoded.filter(({ points }) => points === 1).map(({ id }) => id));
    }
    const passing = decoded.filter(({ id }) => plan.passes(id));
    const { lines, singles } = withoutSingles(passing, ({ id }) => this.#single.has(id));
    this.#singles = singles;
    const drawn = plan.groups === null ? smoothLines(lines, plan.smoothing) : this.#grouped(lines, plan.groups, plan);
    this.passing = [...drawn].sort((a, b) => plan.rank(a.id) - plan.rank(b.id));
    this.#findBest(history, plan.goal);
  }

  /** The part of the x axis that shows all lines; null if there is nothing to show. */
  xExtent(plan: Plan): Extent | null {
    return xExtent(this.#shown(plan), plan.axes.logX);
  }

  /** Draws what was prepared, or says why there is nothing to draw. */
  draw(plan: Plan, x: Extent | null): void {
    const lines = this.#shown(plan);
    this.scene = x && this.#sceneOf(lines, x, plan);
    this.#showMessage(lines.length);
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (this.scene !== null && width > 0 && height > 0) {
      this.#chart.show(this.scene, { width, height });
      this.#pointing.shown = { lines, best: this.#best, x: plan.axes.x, look: plan.look };
      this.plot.setAttribute(
        'aria-label',
        `${this.metric} by ${xTitle(plan.axes.x)}, ${lines.length} ${lines.length === 1 ? 'line' : 'lines'}. ` +
          'Left and right read values, plus and minus zoom, 0 shows all.',
      );
    }
    this.element.toggleAttribute('aria-busy', this.loader.status.value.kind === 'loading');
  }

  /** Emphasises a line, with another, such as the pinned run's, to hold it against. */
  focus(id: string | null, beside: string | null): void {
    const lines = this.scene?.lines ?? [];
    const found = lines.some((line) => line.id === id);
    this.#chart.focus(found ? lines.filter((line) => line.id === id || line.id === beside) : []);
    this.#pointing.highlight(id, beside);
  }

  /** Shows what the line `id` is at `x`, to which another chart points. */
  follow(x: number | null, id: string | null): void {
    this.#chart.showCrosshair(x);
    const line = this.scene?.lines.find((one) => one.id === id);
    const [reading] = x !== null && line ? readAt([line], x, 0) : [];
    this.#value.textContent = reading ? formatNumber(reading.drawn, 5) : '';
  }

  /** What must be known to read the chart right. */
  notes({ axes, clip, runs, withoutX }: Plan): string[] {
    const lines = this.scene?.lines ?? [];
    const { scene } = this;
    return this.#message.hidden
      ? chartNotes({
          lines,
          hidden: countHidden(lines, axes.logX, axes.logY),
          isAskedAboveZero: this.loader.history.value?.log_x ?? false,
          withoutX: { runs: withoutX, x: xTitle(axes.x) },
          isClipped: clip,
          outside: clip && scene ? countOutside(lines, scene.x, scene.y) : null,
          singles: this.#singles,
          saved: this.#saved(runs),
          age: this.loader.history.value?.age ?? null,
          status: this.loader.status.value,
        })
      : [];
  }

  /** How many of the runs that have the metric the notebook kept a line of; null where there is a kernel to ask. */
  #saved(runs: Plan['runs']): Circumstances['saved'] {
    const saved = this.loader.history.value?.lines.length ?? 0;
    return this.#isLive || saved >= runs.here ? null : { lines: saved, of: runs.all };
  }

  /** Writes notes below the chart. */
  showNotes(notes: readonly string[]): void {
    this.#notes.textContent = notes.join(' · ');
  }

  #shown({ hidden }: Plan): DrawnLine[] {
    return this.passing.filter(({ id }) => !hidden.has(id));
  }

  /** A line for each group; it is worked out again only when what it is made of changed. */
  #grouped(lines: readonly DecodedLine[], groups: readonly Group[], { band, smoothing, axes }: Plan): DrawnLine[] {
    const how = JSON.stringify([band, smoothing, axes.logX]);
    return groups.flatMap(({ id, runs }) => {
      const members = lines.filter((line) => runs.has(line.id));
      if (members.length === 0) {
        return [];
      }
      const before = this.#groupLines.get(id);
      const isSame = before?.how === how && before.of.length === members.length;
      if (isSame && members.every((line, at) => line === before.of[at])) {
        return [before.line];
      }
      const line = groupLine(id, members, { band, weight: smoothing, log: axes.logX });
      this.#groupLines.set(id, { of: members, how, line });
      return [line];
    });
  }

  /** Within a zoom the best points stay those of the whole lines, as exact as the zoom shows them. */
  #findBest(history: History | null, goal: Column['goal']): void {
    const before = history?.range ? this.#best : null;
    const best = new Map<string, BestPoint>();
    for (const line of this.passing) {
      const here = bestPoint(line, goal);
      const all = before?.get(line.id);
      const found = before === null || here?.value === all?.value ? here : all;
      if (found) {
        best.set(line.id, found);
      }
    }
    this.#best = best;
  }

  #sceneOf(lines: readonly DrawnLine[], x: Extent, plan: Plan): Scene | null {
    const { axes, theme } = plan;
    const y = (plan.clip && clippedExtent(lines, x, axes.logY)) || yExtent(lines, x, axes.logY) || UNKNOWN;
    const before = plan.steady && this.scene?.axes.logY === axes.logY ? this.scene.y : null;
    if (lines.length === 0) {
      return null;
    }
    const style = (id: string): LineStyle => plan.style(id, lines.length);
    return { lines, x, y: plan.steady ? steadyExtent(before, y, axes.logY) : y, axes, theme, style, best: this.#best };
  }

  #showMessage(shown: number): void {
    const message = historyMessage({
      metric: this.metric,
      history: this.loader.history.value,
      status: this.loader.status.value,
      passing: this.passing.length,
      shown,
      drawable: this.scene !== null,
    });
    this.#message.hidden = message === null;
    this.#message.textContent = message?.text ?? null;
    this.#message.dataset['kind'] = message?.kind ?? '';
    this.plot.classList.toggle('trackside-nothing', message !== null);
  }
}
