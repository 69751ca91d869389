import { expect, test } from 'vitest';
import { ReadoutBox } from './readout-box';

test.each([
  [10, 26],
  [190, 54],
  [95, 80],
  [105, 0],
])('a read-out at %d of 200 pixels begins at %d: beside the pointer, and never out of its chart', (left, begins) => {
  const box = new ReadoutBox();
  Object.defineProperty(box.element, 'offsetWidth', { value: 120 });
  box.place(left, 50, 200, 160);
  expect(box.element.style.transform).toMatch(`translate(${begins}px,`);
});
