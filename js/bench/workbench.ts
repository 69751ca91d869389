import { newAxis } from '../core/axes/columns';
import { column } from '../core/example-runs';
import { FakeSource } from '../core/fake-source';
import { encodeFloats } from '../core/numbers';
import { mountPage } from '../core/page';
import { lineStrength } from '../core/parallel/polylines';
import type { Column, History, HistoryQuestion, RunTable, ViewState } from '../core/wire';

/** What `tests/benchmarks/bench_browser.py` calls in the page, to draw the same runs by different means. */
export const bench = { runs, history, mount, mountState, vegaParallel, vegaHistory, hiplot, fresh, paint, drag, leap };
Object.assign(globalThis, { bench });

type Row = Record<string, string | number | null>;
/** Parts of the picture, in thousandths, that are drawn once there are lines in it and not axes only. */
const DRAWN = 120;
const EYE = 100;

/** Runs with params of every kind and metrics that follow from them; the same each time. */
function runs(count: number, axes: number): RunTable {
  const random = generator(7);
  const ids = Array.from({ length: count }, (_, row) => `run-${String(row).padStart(6, '0')}`);
  const params = Array.from({ length: axes - 2 }, (_, at) => param(at, count, random));
  const sums = ids.map((_id, row) => params.reduce((sum, { values }) => sum + (Number(values[row]) || 0) / axes, 0));
  const metric = (name: string, goal: 'min' | 'max', sign: number): Column =>
    column(
      `metric:${name}`,
      'number',
      sums.map((sum) => sign * Math.tanh(sum) + 0.2 * random()),
      goal,
    );
  const metrics = [metric('val_accuracy', 'max', 1), metric('val_loss', 'min', -1)];
  const names = column('run:name', 'text', ids);
  const columns = [names, ...params, ...metrics];
  return { answer: 'runs', run_ids: ids, columns, total: count, metrics: ['val_loss'], main: 'metric:val_loss' };
}

function param(at: number, count: number, random: () => number): Column {
  const values = Array.from({ length: count }, () => {
    const value = random();
    const kinds = [value, 10 ** (-5 + 4 * value), Math.ceil(value * 8), value < 0.15 ? null : value];
    return at % 5 === 4 ? (['adam', 'lion', 'sgd'][Math.floor(value * 3)] ?? null) : (kinds[at % 5] ?? null);
  });
  return column(`param:p${at}`, at % 5 === 4 ? 'text' : 'number', values);
}

/** How a metric of `count` runs went, as a kernel answers that thinned `points` points to the columns asked for. */
function history(count: number, points: number): RunTable & { answerTo(question: HistoryQuestion): History } {
  const table = runs(count, 4);
  const answers = new Map<number, History>();
  return {
    ...table,
    answerTo({ metric, pixels }: HistoryQuestion): History {
      const known = answers.get(pixels) ?? thinned(table, metric, points, pixels);
      answers.set(pixels, known);
      return known;
    },
  };
}

function thinned({ run_ids }: RunTable, metric: string, points: number, pixels: number): History {
  const random = generator(3);
  const places = Math.min(points, pixels);
  const x = encodeFloats(Array.from({ length: places }, (_, at) => (at * points) / places));
  const lines = run_ids.map((run_id) => {
    const mean = Array.from({ length: places }, (_, at) => Math.exp((-3 * at) / places) + 0.3 * random());
    const [low, high] = [mean.map((value) => value - 0.1), mean.map((value) => value + 0.1)];
    const non_finite = { x: '', kinds: [] };
    const ys = { low: encodeFloats(low), high: encodeFloats(high), mean: encodeFloats(mean) };
    return { run_id, x, ...ys, thinned: places < points, points, non_finite };
  });
  return { answer: 'history', metric, x: 'step', lines };
}

function mount(
  element: HTMLElement,
  table: RunTable & Partial<ReturnType<typeof history>>,
  panels: ViewState['panels'],
): void {
  const axes = table.columns.filter(({ group }) => group !== 'run').map(newAxis);
  mountState(element, table, { panels, axes, sparklines: false });
}

function mountState(
  element: HTMLElement,
  table: RunTable & Partial<ReturnType<typeof history>>,
  state: ViewState,
): void {
  const answer = (question: { ask: string }): History | undefined =>
    question.ask === 'history' ? table.answerTo?.(question as HistoryQuestion) : undefined;
  const { answerTo: _, ...plain } = table;
  const record = { version: 1, state, table: plain, histories: [] };
  undo = mountPage(element, record, new FakeSource({ table: plain, answer })).dispose;
}

let undo = (): void => undefined;

/** An element that nothing was drawn into: others leave classes and roots behind. What was drawn before goes. */
function fresh(): HTMLElement {
  undo();
  undo = () => undefined;
  const element = document.createElement('div');
  document.querySelector('main')?.replaceChildren(element);
  return element;
}

/** The same axes by Vega-Lite: each value scaled to its column's range and folded, one line a run. */
function vegaParallel(table: RunTable): object {
  const columns = table.columns.filter(({ group }) => group !== 'run');
  const values: Row[] = columns.flatMap(({ name, values: cells }) => {
    const words = [...new Set(cells)].sort();
    const numbers = cells.map((cell) => (typeof cell === 'string' ? words.indexOf(cell) : cell));
    const known = numbers.filter((value) => value !== null).map(Number);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const place = (value: unknown): number | null => (value === null ? null : (Number(value) - low) / (high - low));
    return table.run_ids.map((run, row) => ({ run, axis: name, place: place(numbers[row] ?? null) }));
  });
  const loss = table.columns.at(-1)?.values ?? [];
  const shades = new Map(table.run_ids.map((run, row) => [run, Number(loss[row] ?? 0)]));
  return {
    width: 1000,
    height: 260,
    data: { values: values.map((value) => ({ ...value, loss: shades.get(String(value['run'])) ?? 0 })) },
    mark: { type: 'line', strokeWidth: 1, opacity: lineStrength(table.run_ids.length, 1).alpha },
    encoding: {
      x: { field: 'axis', type: 'nominal', sort: null },
      y: { field: 'place', type: 'quantitative' },
      detail: { field: 'run', type: 'nominal' },
      color: { field: 'loss', type: 'quantitative', scale: { scheme: 'viridis' } },
    },
  };
}

/** As many points as Trackside draws, by Vega-Lite. */
function vegaHistory(count: number, points: number): object {
  const random = generator(3);
  const values: Row[] = Array.from({ length: count * points }, (_, at) => {
    const step = at % points;
    return { run: Math.floor(at / points), step, loss: Math.exp((-3 * step) / points) + 0.3 * random() };
  });
  return {
    width: 1000,
    height: 260,
    data: { values },
    mark: { type: 'line', strokeWidth: 1 },
    encoding: {
      x: { field: 'step', type: 'quantitative' },
      y: { field: 'loss', type: 'quantitative' },
      color: { field: 'run', type: 'nominal', legend: null },
    },
  };
}

/** What HiPlot is given. */
function hiplot(table: RunTable): object {
  const columns = table.columns.filter(({ group }) => group !== 'run');
  const datapoints = table.run_ids.map((uid, row) => ({
    uid,
    from_uid: null,
    values: Object.fromEntries(columns.map(({ name, values }) => [name, values[row]])),
  }));
  const display = { parameters_definition: {}, display_data: {}, enabled_displays: ['PARALLEL_PLOT'] };
  return { dataProviderName: 'none', experiment: { ...display, colorby: 'val_loss', datapoints } };
}

/** Milliseconds from the call of `draw` until lines can be seen in one of the element's canvases, or until `until`. */
async function paint(element: HTMLElement, draw: () => unknown, until: string): Promise<number> {
  const eye = Object.assign(document.createElement('canvas'), { width: EYE, height: EYE }).getContext('2d', {
    willReadFrequently: true,
  });
  const isDrawn = (canvas: HTMLCanvasElement): boolean => {
    if (eye === null || canvas.width === 0 || canvas.height === 0) {
      return false;
    }
    eye.clearRect(0, 0, EYE, EYE);
    eye.drawImage(canvas, 0, 0, EYE, EYE);
    const { data } = eye.getImageData(0, 0, EYE, EYE);
    let drawn = 0;
    for (let at = 3; at < data.length; at += 4) {
      drawn += Number((data[at] ?? 0) > 8);
    }
    return (1000 * drawn) / (EYE * EYE) > DRAWN;
  };
  const start = performance.now();
  await draw();
  const isDone = (): boolean =>
    until === '' ? [...element.querySelectorAll('canvas')].some(isDrawn) : element.querySelector(until) !== null;
  while (!isDone()) {
    await new Promise(requestAnimationFrame);
  }
  return performance.now() - start;
}

/**
 * Moves the pointer, which is held down, over `element` once in every frame, there and back along y; tells what each
 * frame cost in milliseconds: the page's own work, and from frame to frame.
 */
async function drag(
  element: Element,
  x: number,
  [from, to]: readonly [number, number],
  steps: number,
): Promise<{ work: number[]; between: number[] }> {
  const [work, between]: [number[], number[]] = [[], []];
  const { port1, port2 } = new MessageChannel();
  let start = 0;
  port2.onmessage = () => work.push(performance.now() - start);
  let frame = new Promise(requestAnimationFrame);
  for (let step = 0; step < steps; step++) {
    await frame;
    // Asked for before the pointer moves, so that all that is drawn in that frame comes after it.
    frame = new Promise(requestAnimationFrame);
    const now = performance.now();
    if (step > 0) {
      between.push(now - start);
    }
    start = now;
    const along = 1 - Math.abs(1 - (step / steps) * 2);
    const place = { bubbles: true, clientX: x, clientY: from + (to - from) * along, buttons: 1 };
    element.dispatchEvent(new PointerEvent('pointermove', { ...place, pointerId: 1 }));
    element.dispatchEvent(new MouseEvent('mousemove', { ...place, view: window }));
    port1.postMessage(null);
  }
  return { work, between };
}

/** Scrolls `element` to another place in every frame, as its scroll bar does when dragged; milliseconds from frame to frame. */
async function leap(element: Element, steps: number): Promise<{ between: number[] }> {
  const between: number[] = [];
  let start = performance.now();
  for (let step = 0; step < steps; step++) {
    element.scrollTop = ((element.scrollHeight - element.clientHeight) * step) / steps;
    await new Promise(requestAnimationFrame);
    between.push(performance.now() - start);
    start = performance.now();
  }
  return { between };
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
