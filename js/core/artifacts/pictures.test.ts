import { expect, test } from 'vitest';
import { subtract } from './pictures';

test('the difference of two pictures is brightened, opaque, and its share counted', () => {
  const pixels = new Uint8ClampedArray([10, 20, 30, 255, 100, 100, 100, 0, 0, 0, 0, 255, 7, 0, 0, 255]);
  const others = [10, 20, 30, 255, 90, 100, 250, 0, 0, 0, 0, 255, 0, 0, 0, 255];
  expect(subtract(pixels, others)).toBe(0.25);
  expect([...pixels]).toEqual([0, 0, 0, 255, 20, 0, 255, 255, 0, 0, 0, 255, 14, 0, 0, 255]);
});

test('no pixels differ in no pixels', () => {
  expect(subtract(new Uint8ClampedArray(), [])).toBe(0);
});
