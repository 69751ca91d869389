import { describe, expect, it } from 'vitest';
import { lineStyle } from './styles';

const LOOK = { name: 'a', colour: '#123456', dash: [6, 3] };
const PLAIN = { grouped: false, pinned: false, ticked: false, anyTicked: false };

describe('how a line is drawn', () => {
  it('has its dash among few, and among many only where it stands out', () => {
    expect(lineStyle(LOOK, 32, PLAIN).dash).toEqual([6, 3]);
    expect(lineStyle(LOOK, 33, PLAIN)).toMatchObject({ dash: [], ownDash: [6, 3] });
    expect(lineStyle(LOOK, 33, { ...PLAIN, pinned: true }).dash).toEqual([6, 3]);
  });

  it('has its band among few', () => {
    expect([8, 40, 41].map((count) => lineStyle(LOOK, count, PLAIN).behind)).toEqual([1, 0.2, 0]);
  });

  it('steps back where others are ticked', () => {
    expect(lineStyle(LOOK, 2, { ...PLAIN, anyTicked: true }).alpha).toBe(0.25);
    expect(lineStyle(LOOK, 2, { ...PLAIN, anyTicked: true, ticked: true }).alpha).toBe(1);
  });
});
