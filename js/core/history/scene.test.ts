import { describe, expect, it } from 'vitest';
import { PAPER } from '../theme';
import { drawnLines, wireLine } from './line-fixtures';
import { movedIn, type Scene } from './scene';
import { lineStyle } from './styles';

const [a, b] = drawnLines(wireLine('a', [0, 1], [1, 2]), wireLine('b', [0, 1], [1, 2]));
const longer = drawnLines(wireLine('b', [0, 1, 2], [1, 2, 3]));
const look = { name: '', colour: '#123456', dash: [] };
const scene = (lines: Scene['lines'], change: Partial<Scene> = {}): Scene => ({
  lines,
  x: [0, 5],
  y: [0, 5],
  axes: { x: 'step', logX: false, logY: false },
  theme: PAPER,
  style: () => lineStyle(look, 2, { grouped: false, pinned: false, ticked: false, anyTicked: false }),
  best: new Map(),
  ...change,
});

describe('what is drawn anew', () => {
  const lines = a && b ? [a, b] : [];

  it('is nothing where all is the same', () => {
    expect(movedIn(scene(lines), scene([...lines]))).toEqual([]);
  });

  it('is only the line that went on', () => {
    expect(movedIn(scene(lines), scene([...lines.slice(0, 1), ...longer]))).toEqual(['b']);
  });

  it('is everything where an axis, the lines or their looks differ', () => {
    expect(movedIn(scene(lines), scene(lines, { x: [0, 6] }))).toBeNull();
    expect(movedIn(scene(lines), scene(lines.slice(1)))).toBeNull();
    expect(movedIn(scene(lines), scene(lines, { axes: { x: 'step', logX: false, logY: true } }))).toBeNull();
    const style = () => lineStyle(look, 2, { grouped: false, pinned: true, ticked: false, anyTicked: false });
    expect(movedIn(scene(lines), scene(lines, { style }))).toBeNull();
  });
});
