import { type DrawnData, MOST_ROWS } from '../data-behind';
import { formatNumber } from '../numbers';
import { formatDuration } from '../ticks';
import { type XAxis, xTitle } from './axes';
import type { Look } from './groups';
import type { DrawnLine } from './lines';
import type { Scene } from './scene';

/** A metric and what is drawn of it. */
export interface DrawnMetric {
  readonly metric: string;
  readonly scene: Scene;
}

/** The points drawn; of each line as many as of the others, evenly spaced, where not all of them can be listed. */
export function historyData(charts: readonly DrawnMetric[], look: (id: string) => Look): DrawnData {
  const drawn = charts.flatMap(({ metric, scene }) =>
    scene.lines.map((line) => ({ metric, line, places: placesWithin(line, scene) })),
  );
  const share = Math.max(1, Math.floor(MOST_ROWS / Math.max(1, drawn.length)));
  const axis = charts[0]?.scene.axes.x ?? 'step';
  const hasBands = drawn.some(({ line }) => line.band);
  const isSmooth = drawn.some(({ line }) => line.drawn !== line.mean);
  const rows = drawn.flatMap(({ metric, line, places }) =>
    spread(places, share).map((at) => [
      ...(charts.length > 1 ? [metric] : []),
      look(line.id).name,
      xText(line.x[at] ?? Number.NaN, axis),
      number(line.mean[at]),
      ...(isSmooth ? [number(line.drawn[at])] : []),
      ...(hasBands ? [number(line.low[at]), number(line.high[at])] : []),
    ]),
  );
  return {
    columns: [
      ...(charts.length > 1 ? ['metric'] : []),
      'line',
      xTitle(axis),
      charts.length === 1 ? (charts[0]?.metric ?? '') : 'value',
      ...(isSmooth ? ['smoothed'] : []),
      ...(hasBands ? ['low', 'high'] : []),
    ],
    rows: rows.slice(0, MOST_ROWS),
    all: drawn.reduce((sum, { places }) => sum + places.length, 0),
    unit: 'points drawn',
  };
}

/** The indices of a line's points that are in sight. */
function placesWithin({ x }: DrawnLine, { x: [low, high] }: Scene): number[] {
  return [...x.keys()].filter((at) => (x[at] ?? Number.NaN) >= low && (x[at] ?? Number.NaN) <= high);
}

/** At most `most` of the values, evenly spaced; the last is always among them. */
export function spread<T>(values: readonly T[], most: number): T[] {
  if (values.length <= most) {
    return [...values];
  }
  const step = values.length / most;
  return Array.from({ length: most }, (_, at) => values[Math.ceil((at + 1) * step) - 1] as T);
}

function number(value: number | undefined): string {
  return formatNumber(value ?? Number.NaN, 6);
}

function xText(x: number, axis: XAxis): string {
  if (axis === 'wall') {
    return new Date(x * 1000).toLocaleString();
  }
  return axis === 'relative' ? formatDuration(x) : formatNumber(x, 6);
}
