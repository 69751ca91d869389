import { expect, test } from 'vitest';
import { subtract, swipe } from './pictures';

test('the difference of two pictures is brightened, opaque, and its share counted', () => {
  const pixels = new Uint8ClampedArray([10, 20, 30, 255, 100, 100, 100, 0, 0, 0, 0, 255, 7, 0, 0, 255]);
  const others = [10, 20, 30, 255, 90, 100, 250, 0, 0, 0, 0, 255, 0, 0, 0, 255];
  expect(subtract(pixels, others)).toBe(0.25);
  expect([...pixels]).toEqual([0, 0, 0, 255, 20, 0, 255, 255, 0, 0, 0, 255, 14, 0, 0, 255]);
});

test('no pixels differ in no pixels', () => {
  expect(subtract(new Uint8ClampedArray(), [])).toBe(0);
});

test('a swiped picture lies right of the handle, what it is held against left, and both are named there', () => {
  const [reference, own] = [document.createElement('img'), document.createElement('img')];
  const stage = swipe(reference, own, ['slow', 'fast']);
  expect([...stage.querySelectorAll('img')]).toEqual([reference, own]); // the style sheet clips the first at the handle
  expect([...stage.querySelectorAll('small')].map((side) => side.textContent)).toEqual(['slow', 'fast']);
  expect(stage.querySelector('input')?.title).toBe('left: slow, right: fast');
});
