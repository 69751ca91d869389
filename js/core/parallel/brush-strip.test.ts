import { beforeEach, describe, expect, it } from 'vitest';
import { type ScaledAxis, withBrushes } from '../axes/brushes';
import { numbers, scaled } from '../axes/columns-fixtures';
import type { Brush } from '../wire';
import { BrushStrip, heldBrush, startDrag } from './brush-strip';
import { makeLayout } from './layout';

describe('dragging a brush', () => {
  it('beside it makes a new one, in either direction', () => {
    expect(startDrag(null, 0.8, 0.02)(0.5)).toEqual([0.5, 0.8]);
  });

  it('moves it, within the axis', () => {
    const drag = startDrag([0.25, 0.5], 0.375, 0.02);
    expect(drag(0.5)).toEqual([0.375, 0.625]);
    expect(drag(9)).toEqual([0.75, 1]);
  });

  it('by its edge sizes it', () => {
    expect(startDrag([0.2, 0.5], 0.49, 0.02)(0.9)).toEqual([0.2, 0.9]);
    expect(startDrag([0.2, 0.5], 0.21, 0.02)(0.1)).toEqual([0.1, 0.5]);
  });

  it('takes the uppermost of those that overlap', () => {
    const intervals = [
      [0.1, 0.4],
      [0.3, 0.6],
    ] as const;
    expect([0, 0.2, 0.35, 0.9].map((place) => heldBrush(intervals, place, 0.01))).toEqual([-1, 0, 1, -1]);
  });
});

describe('the strip of an axis', () => {
  const layout = makeLayout(2, 700, 300, true);
  let axis: ScaledAxis;
  let strip: BrushStrip;

  const told = (brushes: readonly Brush[]): void => {
    axis = { ...axis, axis: withBrushes(axis.axis, brushes) };
    strip.show(axis, layout);
  };
  const boxes = (): HTMLElement[] => [...strip.element.querySelectorAll<HTMLElement>('.trackside-brush')];
  const words = (): (string | null)[] => boxes().map((box) => box.getAttribute('aria-valuetext'));
  const press = (key: string, more: KeyboardEventInit = {}): void => {
    const event = new KeyboardEvent('keydown', { key, ...more });
    document.activeElement?.addEventListener('keydown', (down) => strip.press(down as KeyboardEvent)?.(), {
      once: true,
    });
    document.activeElement?.dispatchEvent(event);
  };

  beforeEach(() => {
    axis = scaled(numbers(0, 10));
    strip = new BrushStrip(axis, layout, told);
    strip.show(axis, layout);
    document.body.replaceChildren(strip.element);
    strip.element.focus();
  });

  it('is brushed by keys: up makes a brush, + another, Escape clears all', () => {
    press('ArrowUp');
    expect(words()).toEqual(['2.5 to 7.5']);
    press('ArrowUp');
    press('ArrowUp', { shiftKey: true });
    expect(words()).toEqual(['3 to 8.5']);
    press('+');
    expect(words()).toEqual(['3 to 8.5', '0.75 to 2.25']);
    press('Escape');
    expect(words()).toEqual([]);
  });

  it('moves the brush that has the focus, and leaves the others as they are', () => {
    told([
      { low: 1, high: 2 },
      { low: 7, high: null },
    ]);
    boxes()[0]?.focus();
    press('ArrowUp');
    expect(axis.axis.brushes?.[1]).toEqual({ low: 7, high: null });
    expect(words()).toEqual(['1.5 to 2.5', '7 to 10']);
    press('Delete');
    expect(words()).toEqual(['7 to 10']);
  });

  it('has a button on each brush that removes it', () => {
    told([
      { low: 1, high: 2 },
      { low: 7, high: null },
    ]);
    boxes()[0]?.querySelector('button')?.click();
    expect(words()).toEqual(['7 to 10']);
  });
});
