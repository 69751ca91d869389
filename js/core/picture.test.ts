import { describe, expect, test, vi } from 'vitest';
import { wrapText } from './picture';

/** Each letter is ten pixels wide. */
const context = { measureText: (text: string) => ({ width: 10 * text.length }) } as CanvasRenderingContext2D;

describe('a long label', () => {
  test('is broken after signs that part words', () => {
    expect(wrapText(context, 'torch.optim.adamw.AdamW', 120, 3)).toEqual(['torch.optim.', 'adamw.AdamW']);
    expect(wrapText(context, 'two words', 60, 3)).toEqual(['two', 'words']);
  });

  test('without such signs is broken where it must be, and shortened in the last line', () => {
    expect(wrapText(context, 'abcdefghijklmnop', 50, 2)).toEqual(['abcde', 'fghi…']);
    expect(wrapText(context, 'abcdefgh', 50, 1)).toEqual(['abcd…']);
  });

  test('of 10,000 letters is measured a few times, not once a letter', () => {
    const measureText = vi.fn((text: string) => ({ width: 10 * text.length }));
    const counting = { measureText } as unknown as CanvasRenderingContext2D;
    const lines = wrapText(counting, 'x'.repeat(10_000), 50, 3);
    expect(lines).toEqual(['xxxxx', 'xxxxx', 'xxxx…']);
    expect(measureText.mock.calls.length).toBeLessThan(60);
  });

  test('that fits stays whole', () => {
    expect(wrapText(context, 'adam', 50, 3)).toEqual(['adam']);
  });
});
