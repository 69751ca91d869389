import { describe, expect, test } from 'vitest';
import { exampleRecord } from './example-runs';
import type { Panel } from './layout';
import { mountPage } from './page';
import { SavedSource } from './saved-source';
import type { ViewState } from './wire';

function page(panels: readonly Panel[], state: Partial<ViewState> = {}) {
  const element = document.createElement('div');
  const record = exampleRecord({ panels: [...panels], ...state });
  const mounted = mountPage(element, record, new SavedSource(record));
  const shown = () => [...element.querySelectorAll<HTMLElement>('[data-panel]')].map((each) => each.dataset['panel']);
  const click = (word: string, shiftKey = false) => {
    const buttons = [...element.querySelectorAll<HTMLElement>('[aria-label="Panels"] button')];
    const button = buttons.find((each) => each.textContent === word);
    button?.dispatchEvent(new MouseEvent('click', { shiftKey }));
    return button?.getAttribute('aria-pressed');
  };
  return { ...mounted, element, shown, click };
}

test('a switch shows a panel in its place, and takes it away', () => {
  const { shown, click, page: mounted } = page(['table']);
  expect(click('History')).toBe('true');
  expect(shown()).toEqual(['history', 'table']);
  expect(mounted.state.value.panels).toEqual(['history', 'table']);
  expect(click('Table')).toBe('false');
  expect(shown()).toEqual(['history']);
});

test('the last panel stays', () => {
  const { shown, click } = page(['table']);
  expect(click('Table')).toBe('true');
  expect(shown()).toEqual(['table']);
});

test('with shift a switch shows nothing else', () => {
  const { shown, click } = page(['history', 'parallel', 'table']);
  expect(click('Parallel', true)).toBe('true');
  expect(shown()).toEqual(['parallel']);
});

test('a panel taken away filters no longer', () => {
  const { click, page: mounted } = page(['parallel', 'table']);
  const axes = [{ key: 'param:C', brush: { low: 9, high: 11 } }];
  mounted.state.value = { ...mounted.state.value, axes };
  expect(mounted.selection.filters.value.size).toBe(1);
  click('Parallel');
  expect(mounted.selection.filters.value.size).toBe(0);
});

test('a page that is disposed leaves nothing', () => {
  const { element, dispose } = page(['history', 'parallel', 'table']);
  dispose();
  expect(element.children).toHaveLength(0);
});

describe('tabs', () => {
  const tabs = (panels: readonly Panel[], state: Partial<ViewState> = {}) => {
    const mounted = page(panels, { layout: 'tabs', ...state });
    const inSight = () =>
      [...mounted.element.querySelectorAll<HTMLElement>('[data-panel]:not([hidden])')].map(
        (each) => each.dataset['panel'],
      );
    const selected = () =>
      [...mounted.element.querySelectorAll('[role="tab"][aria-selected="true"]')].map((tab) => tab.textContent);
    return { ...mounted, inSight, selected };
  };

  test('show one panel; those opened before stay behind it, and still filter', () => {
    const axes = [{ key: 'param:C', brush: { low: 9, high: 11 } }];
    const { click, inSight, selected, shown, page: mounted } = tabs(['parallel', 'table'], { axes });
    expect(inSight()).toEqual(['parallel']);
    click('Scatter');
    expect(inSight()).toEqual(['scatter']);
    expect(selected()).toEqual(['Scatter']);
    expect(shown()).toEqual(['parallel', 'scatter', 'table']);
    expect(mounted.selection.filters.value.size).toBe(1);
  });

  test('ask for nothing behind another one, unless what is chosen in them filters it', () => {
    const { click, shown, page: mounted } = tabs(['history']);
    for (const word of ['Importance', 'Diff', 'Artifacts', 'Table']) {
      click(word);
    }
    expect(shown()).toEqual(['history', 'table']);
    click('Diff');
    expect(shown()).toEqual(['history', 'table', 'diff']);
    mounted.state.value = { ...mounted.state.value, layout: 'stack', front: null };
    expect(shown()).toEqual(['history', 'importance', 'table', 'diff', 'artifacts']);
  });

  test('are walked through with the arrow keys, round in a circle, which opens none of them', () => {
    const { element, inSight, shown } = tabs(['history', 'table']);
    document.body.append(element);
    element.querySelector<HTMLElement>('[role="tab"][tabindex="0"]')?.focus();
    const press = (key: string) => {
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      return document.activeElement?.textContent;
    };
    expect(['ArrowLeft', 'ArrowRight', 'End', 'Home', 'ArrowRight'].map(press)).toEqual([
      'Artifacts',
      'History',
      'Artifacts',
      'History',
      'Parallel',
    ]);
    expect([inSight(), shown()]).toEqual([['history'], ['history', 'table']]);
    (document.activeElement as HTMLElement).click();
    expect(inSight()).toEqual(['parallel']);
    element.remove();
  });

  test('name the panel in front by an id of its own page', () => {
    for (const { element, click } of [tabs(['history', 'table']), tabs(['history'])]) {
      document.body.append(element);
      click('Scatter');
      const controls = [...element.querySelectorAll('[aria-controls]')].map((tab) => [
        tab.textContent,
        document.getElementById(tab.getAttribute('aria-controls') ?? ''),
      ]);
      const panel = element.querySelector('[data-panel="scatter"]');
      expect(controls.filter(([word]) => word === 'Scatter')).toEqual([['Scatter', panel]]);
      expect(element.querySelectorAll('[role="tab"][aria-controls]')).toHaveLength(1);
    }
    document.body.replaceChildren();
  });

  test('with shift a tab leaves no other open', () => {
    const { click, shown } = tabs(['history', 'table']);
    click('Scatter', true);
    expect(shown()).toEqual(['scatter']);
  });
});

test('a tile takes the whole page by its button or a double-click, and gives it back', () => {
  const { element, page: mounted } = page(['history', 'table'], { layout: 'tiles' });
  const isHidden = () => element.querySelector<HTMLElement>('[data-panel="table"]')?.hidden;
  const head = element.querySelector('[data-panel="history"] .trackside-tile-head');
  head?.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
  expect([mounted.state.value.front, isHidden()]).toEqual(['history', true]);
  head?.querySelector('button')?.click();
  expect([mounted.state.value.front, isHidden()]).toEqual([null, false]);
});

test('a switch brings the other tiles back', () => {
  const { click, page: mounted } = page(['history', 'table'], { layout: 'tiles', front: 'history' });
  click('Scatter');
  expect(mounted.state.value).toMatchObject({ panels: ['history', 'scatter', 'table'], front: null });
});

test('a page without runs says what to do instead of drawing panels, until there are some', () => {
  const { element, page: mounted } = page(['history', 'table']);
  const shows = (selector: string) => element.querySelector<HTMLElement>(selector)?.hidden === false;
  expect([shows('.trackside-panels'), shows('.trackside > .trackside-empty')]).toEqual([true, false]);
  const { value: table } = mounted.table;
  mounted.table.value = { ...table, run_ids: [], total: 0 };
  expect(shows('.trackside-panels')).toBe(false);
  expect(element.querySelector('.trackside > .trackside-empty')?.textContent).toMatch(/^No runs yet: put %%track/);
  mounted.table.value = table;
  expect([shows('.trackside-panels'), shows('.trackside > .trackside-empty')]).toEqual([true, false]);
});
