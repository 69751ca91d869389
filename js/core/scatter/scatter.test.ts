import { describe, expect, it, test } from 'vitest';
import { categories, column, numbers, scaled, tableOf, text } from '../axes/columns-fixtures';
import { brushAlong, brushedBox, grownBox, startBox } from './box';
import { chosenAxes } from './chosen-axes';
import { paretoFront } from './front';
import { JITTER, jittered, makeLayout, placeAt, placeX, placeY } from './places';
import { PointGrid } from './point-grid';
import { nextRow } from './pointing';
import { frontRows, passingRuns, pointRadii, type Scene } from './scene';

const TABLE = tableOf(
  [
    text('run:name', ['a', 'b', 'c', 'd']),
    column('param:seed', [1, 1, 2, 2]),
    column('param:lr', [0.0001, 0.0002, 0.0003, 0.1]),
    column('param:batch', [32, 32, 32, 32]),
    column('metric:loss', [0.4, 0.3, 0.2, 0.1], { goal: 'min' }),
    column('metric:accuracy', [0.7, 0.9, 0.8, null], { goal: 'max' }),
  ],
  { main: 'metric:loss' },
);

describe('the axes shown first', () => {
  it('are the param that differs most, logarithmic if it calls for it, against the main metric', () => {
    const axes = chosenAxes(TABLE, null);
    expect(axes?.x).toMatchObject({ key: 'param:lr', log: true });
    expect(axes?.y).toMatchObject({ key: 'metric:loss', log: false });
  });

  it('are another metric where no param differs', () => {
    const table = tableOf([
      column('param:batch', [32, 32]),
      column('metric:loss', [1, 2]),
      column('metric:f1', [3, 4]),
    ]);
    expect(chosenAxes(table, null)).toMatchObject({ x: { key: 'metric:f1' }, y: { key: 'metric:loss' } });
  });

  it('are those chosen, as long as the table has them', () => {
    const chosen = { x: { key: 'param:seed' }, y: { key: 'metric:gone' } };
    expect(chosenAxes(TABLE, chosen)).toMatchObject({ x: { key: 'param:seed' }, y: { key: 'metric:loss' } });
  });

  it('are none where there is nothing to draw', () => {
    expect(chosenAxes(tableOf([text('run:name', ['a'])]), null)).toBeNull();
  });
});

describe('the Pareto front', () => {
  const places = (...values: number[]) => Float32Array.from(values);

  it('holds the runs that no other beats on both axes', () => {
    const first = { places: places(0, 1, 2, 3, 2), goal: 'min' } as const;
    const second = { places: places(3, 2, 2.5, 0, 1), goal: 'min' } as const;
    expect(paretoFront([0, 1, 2, 3, 4], first, second)).toEqual([0, 1, 4, 3]);
  });

  it('knows that high may be better, leaves out what has no value and keeps runs that are alike', () => {
    const first = { places: places(1, 1, Number.NaN, 0.5), goal: 'max' } as const;
    const second = { places: places(1, 1, 9, 2), goal: 'min' } as const;
    expect(paretoFront([0, 1, 2, 3], first, second)).toEqual([0, 1]);
  });

  it('is of two metrics whose goals are known, whatever is on which axis', () => {
    const [loss, accuracy, lr] = ['metric:loss', 'metric:accuracy', 'param:lr'].map((key) => {
      const found = TABLE.columns.find((each) => each.key === key);
      return scaled({ ...numbers(...(found?.values ?? [])), ...(found && { column: found }) });
    });
    const front = (x: typeof loss, y: typeof loss) => frontRows({ x, y } as Scene, Int32Array.of(0, 1, 2, 3));
    expect(front(loss, accuracy)).toEqual([2, 1]);
    expect(front(accuracy, loss)).toEqual([1, 2]);
    expect(front(lr, loss)).toEqual([]);
  });
});

describe('the box', () => {
  const edge = [0.02, 0.02] as const;
  const box = { x: [0.2, 0.4], y: [0.5, 0.8] } as const;

  it('begins anew beside the one there is', () => {
    expect(startBox(box, [0.9, 0.9], edge)([0.7, 1])).toEqual({ x: [0.7, 0.9], y: [0.9, 1] });
  });

  it('is moved when held within, and sized by an edge or a corner', () => {
    const moved = startBox(box, [0.3, 0.6], edge)([0.4, 0.6]);
    expect(moved.x[0]).toBeCloseTo(0.3);
    expect(moved.y).toEqual([0.5, 0.8]);
    expect(startBox(box, [0.4, 0.6], edge)([0.9, 0.1])).toEqual({ x: [0.2, 0.9], y: [0.5, 0.8] });
    expect(startBox(box, [0.4, 0.8], edge)([0.9, 0.1])).toEqual({ x: [0.2, 0.9], y: [0.1, 0.5] });
  });

  it('grows from a run, and does not vanish when it shrinks', () => {
    const grown = grownBox(null, [0.5, 0.5], 0.1);
    expect(grown.x[0]).toBeCloseTo(0.4);
    expect(grownBox(grown, [0, 0], -5).x[1]).toBeCloseTo(0.51);
  });

  it('takes the words whose points may lie in it', () => {
    const words = categories('adam', 'lion', 'sgd');
    expect(brushAlong(words, [0.25, 0.6])).toEqual({ values: ['adam', 'lion'] });
    expect(brushAlong(words, [0.32, 0.34])).toEqual({ values: [] });
  });

  it('lets those runs pass that lie in it on both axes, and none that lack a value', () => {
    const [x, y] = [
      scaled(numbers(1, 2, 3, 4), { brush: { low: 2, high: null } }),
      scaled(numbers(1, 2, 3, null), { brush: { low: null, high: 2.5 } }),
    ];
    const passing = passingRuns(TABLE, [x, y]);
    expect(TABLE.run_ids.filter((run) => passing?.has(run))).toEqual(['run1']);
    expect(brushedBox(x, y)?.x[1]).toBe(1);
    expect(brushedBox(x, scaled(numbers(1)))).toBeNull();
  });
});

describe('points', () => {
  it('of one word stray within its share of the axis, in the same way each time', () => {
    const words = categories('adam', 'adam', 'sgd', null);
    const places = jittered(words, TABLE, 1);
    expect(places).toEqual(jittered(words, TABLE, 1));
    expect(places[0]).not.toBe(places[1]);
    expect(Math.abs((places[0] ?? 0) - 0.25)).toBeLessThanOrEqual(JITTER / 2);
    expect(places[3]).toBeNaN();
  });

  it('of numbers do not stray', () => {
    const scale = numbers(1, 2, 3, 4);
    expect(jittered(scale, TABLE, 1)).toBe(scale.places);
  });

  it('are found again where they were put', () => {
    const layout = makeLayout(800, 300, 40);
    const [x, y] = placeAt(layout, placeX(layout, 0.3), placeY(layout, 0.7));
    expect([x, y].map((place) => Number(place.toFixed(6)))).toEqual([0.3, 0.7]);
  });

  it('are the larger the higher the value, and never vanish', () => {
    const [low = 0, high = 0, missing = 0] = pointRadii(3, numbers(1, 9, null));
    expect(high).toBeGreaterThan(low);
    expect(missing).toBe(low);
    expect(low).toBeGreaterThan(1);
  });
});

test('the nearest point is found as by looking at all of them', () => {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  const xs = Float32Array.from({ length: 500 }, () => random() * 400);
  const ys = Float32Array.from({ length: 500 }, () => random() * 200);
  const rows = Int32Array.from({ length: 250 }, (_, at) => 2 * at);
  const grid = new PointGrid(xs, ys, rows, 400, 200);
  const away = (row: number, x: number, y: number): number => Math.hypot((xs[row] ?? 0) - x, (ys[row] ?? 0) - y);
  for (let n = 0; n < 300; n++) {
    const [x, y] = [random() * 420 - 10, random() * 220 - 10];
    const least = Math.min(...[...rows].map((row) => away(row, x, y)));
    const found = grid.nearest(x, y, 16);
    expect(found < 0 ? least > 16 : Math.abs(away(found, x, y) - least) < 1e-4).toBe(true);
  }
});

test('an arrow goes to the next run in its direction rather than to a nearer one beside it', () => {
  const target = {
    scene: { xs: Float32Array.of(0, 10, 4, 30), ys: Float32Array.of(50, 50, 90, 50) },
    rows: Int32Array.of(0, 1, 2, 3),
  };
  expect(nextRow(target, [0, 50], [1, 0])).toBe(1);
  expect(nextRow(target, [10, 50], [1, 0])).toBe(3);
  expect(nextRow(target, [30, 50], [1, 0])).toBe(-1);
  expect(nextRow(target, null, [1, 0])).toBe(0);
});
