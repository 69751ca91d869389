import { expect, test } from 'vitest';
import { MOST_ROWS } from '../data-behind';
import { PAPER } from '../theme';
import { historyData, spread } from './history-data';
import { drawnLines, wireLine } from './line-fixtures';
import type { DrawnLine } from './lines';
import type { Scene } from './scene';

const look = (id: string) => ({ name: `run ${id}`, colour: '', dash: [] });

function sceneOf(lines: readonly DrawnLine[], x: Scene['x']): Scene {
  const axes = { x: 'step', logX: false, logY: false };
  const style = () => ({ colour: '', dash: [], ownDash: [], width: 1, alpha: 1, behind: 1 });
  return { lines, x, y: [0, 1], axes, theme: PAPER, style, best: new Map() };
}

test('the points in sight are listed, each with its line and x', () => {
  const lines = drawnLines(wireLine('a', [0, 1, 2], [1, 0.5, Number.NaN]), wireLine('b', [0, 1, 2], [3, 2, 1]));
  const data = historyData([{ metric: 'loss', scene: sceneOf(lines, [1, 2]) }], look);
  expect(data.columns).toEqual(['line', 'step', 'loss']);
  expect(data.rows).toEqual([
    ['run a', '1', '0.5'],
    ['run a', '2', 'NaN'],
    ['run b', '1', '2'],
    ['run b', '2', '1'],
  ]);
  expect(data.all).toBe(4);
});

test('of many points each line has its share, the last one among them', () => {
  const steps = Array.from({ length: 1000 }, (_, at) => at);
  const lines = drawnLines(wireLine('a', steps, steps), wireLine('b', steps, steps));
  const data = historyData([{ metric: 'loss', scene: sceneOf(lines, [0, 999]) }], look);
  expect([data.rows.length, data.all]).toEqual([MOST_ROWS, 2000]);
  expect(data.rows.at(-1)).toEqual(['run b', '999', '999']);
  expect(data.rows.filter(([name]) => name === 'run a')).toHaveLength(MOST_ROWS / 2);
});

test('several charts are told apart, and bands have their ends', () => {
  const band = wireLine('a', [0], [1], { thinned: true });
  const scene = sceneOf(drawnLines(band), [0, 1]);
  const data = historyData(
    [
      { metric: 'loss', scene },
      { metric: 'accuracy', scene },
    ],
    look,
  );
  expect(data.columns).toEqual(['metric', 'line', 'step', 'value', 'low', 'high']);
  expect(data.rows).toEqual([
    ['loss', 'run a', '0', '1', '1', '1'],
    ['accuracy', 'run a', '0', '1', '1', '1'],
  ]);
});

test('values are spread evenly, and few are all there', () => {
  expect(spread([1, 2, 3], 5)).toEqual([1, 2, 3]);
  expect(spread([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([3, 5, 7]);
});
