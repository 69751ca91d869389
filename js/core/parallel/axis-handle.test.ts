import { expect, it } from 'vitest';
import { withBrushes } from '../axes/brushes';
import { numbers, scaled } from '../axes/columns-fixtures';
import type { Brush } from '../wire';
import { AxisHandle } from './axis-handle';
import { makeLayout } from './layout';

const NAME = { left: 0, top: 0, width: 40 };
const layout = makeLayout(2, 700, 300, true);

function handleOf(...values: (number | null)[]) {
  let axis = scaled(numbers(...values));
  const nothing = (): void => undefined;
  const brush = (_key: string, brushes: readonly Brush[]): void => {
    axis = { ...axis, axis: withBrushes(axis.axis, brushes) };
    handle.show(axis, layout, 50, NAME);
  };
  const events = { brush, drag: nothing, shift: nothing, flip: nothing, toggleLog: nothing, remove: nothing };
  const handle = new AxisHandle(axis, layout, events);
  handle.show(axis, layout, 50, NAME);
  document.body.append(handle.element);
  const find = (part: string): HTMLElement => handle.element.querySelector<HTMLElement>(part) ?? expect.fail();
  const [lane, strip] = [find('.trackside-axis-lane'), find('.trackside-axis-strip')];
  const press = (key: string): boolean =>
    strip.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  return { lane, press, brushes: () => axis.axis.brushes ?? [] };
}

it('brushes what is missing on its axis, beside other brushes, until all are cleared', () => {
  const { lane, press, brushes } = handleOf(0, 4, null);
  lane.click();
  expect([brushes(), lane.getAttribute('aria-pressed')]).toEqual([[{ missing: true }], 'true']);
  press('+');
  expect(brushes()).toHaveLength(2);
  expect(brushes()).toContainEqual({ missing: true });
  lane.click();
  expect(brushes()).toHaveLength(1);
  lane.click();
  press('Escape');
  expect(brushes()).toEqual([]);
});

it('has nothing to brush there where nothing is missing', () => {
  expect(handleOf(0, 4).lane.hidden).toBe(true);
});
