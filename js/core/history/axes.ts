import type uPlot from 'uplot';
import { formatLogTicks, formatTicks } from '../numbers';
import type { Theme } from '../theme';
import { ink } from '../theme';
import {
  durationTicks,
  formatDuration,
  formatTimes,
  linearTicks,
  logDurationTicks,
  logTicks,
  timeTicks,
  wholeTicks,
} from '../ticks';

/** `step`, `relative`, `wall`, or `metric:` and the name of the metric that is the axis. */
export type XAxis = string;

/** What decides how the axes look; a chart is built anew when it changes. */
export interface AxesKind {
  readonly x: XAxis;
  readonly logX: boolean;
  readonly logY: boolean;
}

const METRIC = 'metric:';

/** Words for the x axis. */
export function xTitle(x: XAxis): string {
  switch (x) {
    case 'relative':
      return 'time since the run started';
    case 'wall':
      return 'wall time';
    default:
      return axisMetric(x) ?? x;
  }
}

/** The x axis that is a metric. */
export function metricAxis(metric: string): XAxis {
  return `${METRIC}${metric}`;
}

/** The metric that is the x axis; null where that is step or time. */
export function axisMetric(x: XAxis): string | null {
  return x.startsWith(METRIC) ? x.slice(METRIC.length) : null;
}

/** The metrics that count epochs, by their names: as an axis they go before others. */
export function epochMetrics(metrics: readonly string[]): string[] {
  return metrics.filter((metric) => /(^|[/._])epochs?$/i.test(metric));
}

const X_SPACE = 80;
const Y_SPACE = 36;
const LETTER = 6.6;

/** uPlot's axes with our ticks and labels, `zoom` times as large. */
export function historyAxes(kind: AxesKind, theme: Theme, zoom: number): uPlot.Axis[] {
  const [xTicks, xLabels] = xTicksAndLabels(kind);
  return [
    {
      ...look(theme, zoom),
      size: (kind.x === 'wall' ? 38 : 26) * zoom,
      splits: (chart, _axis, low, high) => xTicks(low, high, chart.width / (X_SPACE * zoom)),
      values: (_chart, ticks) => xLabels(ticks),
    },
    {
      ...look(theme, zoom),
      size: (_chart, labels) => zoom * (16 + LETTER * Math.max(2, ...(labels ?? []).map((label) => label.length))),
      splits: (chart, _axis, low, high) =>
        (kind.logY ? logTicks : linearTicks)(low, high, chart.height / (Y_SPACE * zoom)),
      values: (_chart, ticks) => (kind.logY ? formatLogTicks : formatTicks)(ticks),
    },
  ];
}

/** A place on the x axis in words, for the read-out. */
export function formatX(x: number, axis: XAxis): string {
  switch (axis) {
    case 'relative':
      return formatDuration(x);
    case 'wall':
      return new Date(x * 1000).toLocaleString();
    default:
      // The x of a thinned column is a mean.
      return `${xTitle(axis)} ${Math.abs(x) >= 100 ? Math.round(x) : Number(x.toPrecision(4))}`;
  }
}

type Ticks = (low: number, high: number, count: number) => number[];
type Labels = (ticks: readonly number[]) => string[];

function xTicksAndLabels({ x, logX }: AxesKind): [Ticks, Labels] {
  if (x === 'wall') {
    return [timeTicks, formatTimes];
  }
  if (x === 'relative') {
    return [logX ? logDurationTicks : durationTicks, (ticks) => ticks.map(formatDuration)];
  }
  if (logX) {
    return [logTicks, formatLogTicks];
  }
  return [x === 'step' || epochMetrics([xTitle(x)]).length > 0 ? wholeTicks : linearTicks, formatTicks];
}

function look(theme: Theme, zoom: number): uPlot.Axis {
  return {
    stroke: ink(theme, 0.75),
    font: `${11 * zoom}px ${theme.font}`,
    gap: 3 * zoom,
    // uPlot would leave out the labels of a logarithmic axis that are not powers of ten.
    filter: (_chart, ticks) => ticks,
    grid: { stroke: ink(theme, 0.09), width: zoom },
    ticks: { stroke: ink(theme, 0.25), width: zoom, size: 4 * zoom },
    border: { show: true, stroke: ink(theme, 0.25), width: zoom },
  };
}
