import { expect, test, vi } from 'vitest';
import { exampleRecord } from '../example-runs';
import { mountPage } from '../page';
import { SavedSource } from '../saved-source';
import type { ViewState } from '../wire';

const BOX: ViewState['scatter'] = {
  x: { key: 'param:depth', brush: { low: 3, high: 5 } },
  y: { key: 'metric:accuracy', brush: { low: null, high: null } },
};

function page(state: Partial<ViewState> = {}) {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(300);
  const element = document.createElement('div');
  const record = exampleRecord({ panels: ['scatter'], ...state });
  return { element, ...mountPage(element, record, new SavedSource(record)) };
}

test('a saved box filters the page until it is cleared', () => {
  const { element, page: mounted, dispose } = page({ scatter: BOX });
  expect(mounted.table.value.run_ids.filter((run) => mounted.selection.passes(run))).toEqual(['b']);
  [...element.querySelectorAll('button')].find((each) => each.textContent === 'Clear filters')?.click();
  expect(mounted.selection.filters.value.size).toBe(0);
  expect(mounted.state.value.scatter).toMatchObject({ x: { brush: null }, y: { brush: null } });
  dispose();
});

test('a panel that goes takes its filter with it', () => {
  const { page: mounted, dispose } = page({ scatter: BOX });
  dispose();
  expect(mounted.selection.filters.value.size).toBe(0);
});

test('keys go from run to run, tick, pin and leave', async () => {
  const {
    element,
    page: mounted,
    dispose,
  } = page({ scatter: { x: { key: 'metric:width' }, y: { key: 'metric:accuracy' } } });
  document.body.append(element);
  await vi.waitFor(() =>
    expect(element.querySelector('[aria-label^="accuracy against width, 3 runs"]')).not.toBeNull(),
  );
  const plot = element.querySelector<HTMLElement>('.trackside-plot');
  const press = (key: string) => plot?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  press('ArrowRight');
  press('ArrowRight');
  expect(mounted.selection.hovered.value).toBe('a');
  expect(element.querySelector('.trackside-scatter-tip')?.textContent).toContain('accuracy0.97');
  press(' ');
  press('p');
  expect([...mounted.selection.ticked.value]).toEqual(['a']);
  expect(mounted.selection.pinned.value).toBe('a');
  press('Escape');
  expect(mounted.selection.hovered.value).toBeNull();
  element.remove();
  dispose();
});
