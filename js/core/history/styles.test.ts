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
    expect(lineStyle(LOOK, 41, { ...PLAIN, pinned: true }).behind).toBe(1);
  });

  it('is fainter among very many', () => {
    expect([100, 400, 1000].map((count) => lineStyle(LOOK, count, PLAIN).alpha.toFixed(2))).toEqual([
      '1.00',
      '0.50',
      '0.32',
    ]);
    expect(lineStyle(LOOK, 1000, { ...PLAIN, pinned: true }).alpha).toBe(1);
  });

  it('steps back where others are ticked', () => {
    expect(lineStyle(LOOK, 2, { ...PLAIN, anyTicked: true }).alpha).toBe(0.25);
    expect(lineStyle(LOOK, 2, { ...PLAIN, anyTicked: true, ticked: true }).alpha).toBe(1);
  });
});
