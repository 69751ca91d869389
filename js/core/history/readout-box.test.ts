import { expect, test } from 'vitest';
import type { Look } from './groups';
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

test('the lines of a read-out tell how far they are from the one that they are held against', () => {
  const box = new ReadoutBox();
  const [held, other] = [0.5, 0.25].map((drawn) => ({ id: `loss ${drawn}`, x: 3, drawn, raw: drawn }));
  const shown = [held, other, { id: 'gap', x: 3, drawn: Number.NaN, raw: Number.NaN }].filter(
    (one) => one !== undefined,
  );
  box.show({
    title: 'step 3',
    excerpt: { shown, above: 0, below: 0 },
    focused: null,
    against: held,
    best: undefined,
    axis: 'step',
    look: (id) => ({ name: id, colour: 'red' }) as Look,
  });
  expect([...box.element.querySelectorAll('.trackside-readout-row')].map(({ textContent }) => textContent)).toEqual([
    'loss 0.50.5',
    'loss 0.250.25−0.25',
    'gapNaN',
  ]);
});
