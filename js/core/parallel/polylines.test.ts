import { describe, expect, it } from 'vitest';
import { lineStrength, linesCost, type Polylines, strokePolylines, thinned } from './polylines';

/** A context that notes down its strokes: how strong, and along which segments. */
class Notes {
  readonly strokes: { alpha: number; segments: string[] }[] = [];
  globalAlpha = 1;
  #segments: string[] = [];
  #at = '';
  getTransform(): { a: number } {
    return { a: 1 };
  }
  beginPath(): void {
    this.#segments = [];
  }
  moveTo(x: number, y: number): void {
    this.#at = `${x},${y}`;
  }
  lineTo(x: number, y: number): void {
    this.#segments.push(`${this.#at} ${x},${y}`);
    this.moveTo(x, y);
  }
  stroke(): void {
    this.strokes.push({ alpha: this.globalAlpha, segments: this.#segments });
  }
}

describe('lines across axes', () => {
  it('are faint where they lead to what is missing', () => {
    const lines: Polylines = {
      xs: [0, 10, 20, 30],
      ys: [
        [1, 5],
        [2, 6],
        [99, 7],
        [4, 8],
      ].map((ys) => Float32Array.from(ys)),
      lane: 99,
      buckets: [{ colour: 'red', rows: [0, 1] }],
      alpha: 1,
      width: 1,
    };
    const notes = new Notes();
    const drawn = [...strokePolylines(notes as unknown as CanvasRenderingContext2D, lines)];
    expect(notes.strokes.map(({ alpha }) => alpha < 1)).toEqual([false, true]);
    expect(notes.strokes[0]?.segments).toEqual(['0,1 10,2', '0,5 10,6', '10,6 20,7', '20,7 30,8']);
    expect(notes.strokes[1]?.segments).toEqual(['10,2 20,99', '20,99 30,4']);
    expect(drawn).toEqual([6, 3]);
  });
});

describe('what lines cost', () => {
  const lines = { xs: [0, 1, 2], ys: [], lane: 0, alpha: 1, buckets: [{ colour: 'red', rows: [0, 1, 2] }] };

  it('is their segments where they are as thin as a pixel of the screen, and far more where they are wider', () => {
    expect(linesCost({ ...lines, width: 1 }, 1)).toBe(6);
    expect(linesCost({ ...lines, width: 0.5 }, 2)).toBe(6);
    expect(linesCost({ ...lines, width: 1 }, 2)).toBeGreaterThan(60);
  });

  it('stays low for a crowd and for a sketch, which have thin lines with as much colour', () => {
    expect(lineStrength(10_000, 2).width).toBe(0.5);
    expect(lineStrength(50, 2).width).toBeGreaterThan(1);
    expect(thinned({ alpha: 0.2, width: 1 }, 2)).toEqual({ alpha: 0.4, width: 0.5 });
  });
});
