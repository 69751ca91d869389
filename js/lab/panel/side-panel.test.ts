import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { version } from '../../../package.json';
import { column, exampleHistory, exampleTable } from '../../core/example-runs';
import type { Answer, Question, RunTable } from '../../core/wire';
import { Api } from '../server/api';
import { FakeServer, type Route } from '../server/fake-server';
import type { ListView } from './list-view';
import { PlaceFollower } from './places';
import { SidePanel } from './side-panel';

const HERE = {
  store: 's1',
  folder: '/home/ada/.trackside',
  project: 'p',
  experiment: 'train',
  exists: true,
  told_by: 'kernel',
};
const HOSTILE = '<img src=x onerror=alert(1)>"\'\u202e__proto__';
const panels: SidePanel[] = [];

/** A panel in sight whose server answers by `answer`, and whose list follows the runs of `table`. */
async function shown({
  table = exampleTable,
  answer = () => undefined,
  routes = {},
}: {
  table?: RunTable;
  answer?: (question: Question) => Answer | undefined;
  routes?: Record<string, Route>;
} = {}) {
  const ask: Route = ({ body }) => {
    const question = body?.['question'] as Question;
    const known = answer(question);
    if (known) {
      return known;
    }
    if (question.ask === 'history') {
      return exampleHistory(question.metric, question.run_ids);
    }
    return question.ask === 'experiments' ? { answer: 'experiments', experiments: [] } : table;
  };
  const server = new FakeServer({ ask, change: ask, ...routes });
  const about = server.routes['about'] as () => Record<string, unknown>;
  server.routes['about'] = routes['about'] ?? (() => ({ ...about(), places: [HERE] }));
  const api = new Api(server.settings);
  const watcher = { watch: () => () => undefined };
  const places = new PlaceFollower({ api, placeOf: vi.fn() }, null);
  const openRun = vi.fn();
  const execute = vi.fn();
  const trans = nullTranslator.load('trackside');
  const host = { server: { api, watcher: watcher as never }, places, trans, openRun, execute };
  const panel = new SidePanel(host);
  panels.push(panel);
  Widget.attach(panel, document.body);
  const text = (): string => panel.node.textContent ?? '';
  const find = (selector: string): HTMLElement[] => [...panel.node.querySelectorAll<HTMLElement>(selector)];
  const row = (run: string): HTMLElement => find(`[data-run="${run}"]`)[0] as HTMLElement;
  return { panel, server, text, find, row, openRun, execute };
}

describe('the side panel', () => {
  beforeEach(() => {
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        readonly #read: (entries: object[]) => void;
        constructor(read: (entries: object[]) => void) {
          this.#read = read;
        }
        observe(target: Element): void {
          queueMicrotask(() => this.#read([{ isIntersecting: true, target }]));
        }
        unobserve(): void {}
        disconnect(): void {}
      },
    );
  });
  afterEach(() => {
    for (const panel of panels.splice(0)) {
      panel.dispose();
    }
    vi.unstubAllGlobals();
  });

  test('shows the runs with what they came to, and names them to those who hear', async () => {
    const { row, find } = await shown({ table: { ...exampleTable, starred: ['a'], broken: ['b'] } });
    await vi.waitFor(() => expect(find('.trackside-run')).toHaveLength(4));
    expect(row('a').getAttribute('aria-label')).toContain('svm, running, 0.97');
    expect(row('b').getAttribute('aria-label')).toContain('breaks the policy');
    expect(find('.trackside-broken').map((mark) => mark.closest('.trackside-run'))).toEqual([row('b')]);
    expect(row('d').querySelector('[data-status="failed"]')).not.toBeNull();
    expect(find('.trackside-starred').map((star) => star.closest('.trackside-run'))).toEqual([row('a')]);
    await vi.waitFor(() => expect(row('a').querySelector('.trackside-run-spark path')).not.toBeNull());
  });

  test.each<[string, Record<string, Route>, RegExp]>([
    [
      'has no Trackside',
      { about: () => new Response('no', { status: 404 }) },
      /server extension does not run.*restart Jupyter.*pip install trackside/,
    ],
    [
      'has another version',
      { about: () => ({ version: '99', host: 'h', places: [] }) },
      /Found Trackside 99.*reload the page/,
    ],
    ['is away', { about: () => new TypeError('Failed to fetch') }, /does not answer.*Try again/],
  ])('says what to do where the server %s', async (_, routes, words) => {
    const { text } = await shown({ routes });
    await vi.waitFor(() => expect(text()).toMatch(words));
  });

  test('tells how a first cell is tracked where there is no store yet, and that tracking is off', async () => {
    const about = () => ({ version, host: 'h', places: [{ ...HERE, exists: false, is_disabled: true }] });
    const { text, find } = await shown({ routes: { about } });
    await vi.waitFor(() => expect(text()).toContain('%%track'));
    expect(text()).toContain('/home/ada/.trackside');
    expect(text()).toContain('Tracking is turned off');
    expect(find('.trackside-run')).toHaveLength(0);
  });

  test('says how old an answer of a busy store is, and why a question has none', async () => {
    const busy = await shown({ table: { ...exampleTable, age: 42 } });
    await vi.waitFor(() => expect(busy.text()).toContain('store busy: 42 s old'));
    const failing = await shown({
      answer: ({ ask }) => (ask === 'runs' ? { answer: 'failure', message: 'The disk is full.' } : undefined),
    });
    await vi.waitFor(() => expect(failing.text()).toContain('The disk is full.'));
  });

  test('chooses by click, with Ctrl and Shift and by keyboard, and opens a run by Enter', async () => {
    const { find, row, panel, openRun, execute } = await shown();
    await vi.waitFor(() => expect(find('.trackside-run')).toHaveLength(4));
    const chosen = () => [...(panel.list?.page.selection.ticked.value ?? [])].sort().join('');
    expect([panel.list?.list.current(), find('.trackside-run[tabindex="0"]')]).toEqual([null, [row('a')]]);
    const click = (run: string, keys = {}) =>
      row(run).dispatchEvent(new MouseEvent('click', { bubbles: true, ...keys }));
    const press = (run: string, key: string, keys = {}) =>
      row(run).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...keys }));
    click('a');
    click('c', { shiftKey: true });
    expect(chosen()).toBe('abc');
    click('b', { ctrlKey: true });
    expect(chosen()).toBe('ac');
    click('d');
    expect(chosen()).toBe('d');
    expect(row('d').getAttribute('aria-selected')).toBe('true');
    press('d', 'ArrowUp');
    press('c', ' ');
    expect(chosen()).toBe('cd');
    press('c', 'ArrowUp', { shiftKey: true });
    expect(chosen()).toBe('bc');
    press('b', 'Enter');
    expect(openRun).toHaveBeenCalledWith({ store: 's1', project: null, experiment: null }, 'b');
    find('.trackside-primary')[0]?.click();
    expect(execute).toHaveBeenCalledWith('trackside:compare');
    press('b', 'Escape');
    expect(chosen()).toBe('');
  });

  test('stars, holds against a baseline, and takes back what was put away', async () => {
    const { find, row, panel, server, text } = await shown();
    await vi.waitFor(() => expect(find('.trackside-run')).toHaveLength(4));
    row('b').querySelector<HTMLElement>('.trackside-star')?.click();
    row('b').querySelector<HTMLElement>('.trackside-pin')?.click();
    await panel.list?.page.marks.shelve(['c'], 'dropped');
    await vi.waitFor(() => expect(text()).toContain('forest deep dropped'));
    find('.trackside-side-done button')[0]?.click();
    const changes = () => server.asked.filter(({ route }) => route === 'change').map(({ body }) => body?.['question']);
    await vi.waitFor(() => expect(changes()).toHaveLength(4));
    expect(changes()).toMatchObject([
      { ask: 'mark', run_ids: ['b'], mark: 'starred', value: 'yes' },
      { ask: 'baseline', run_id: 'b' },
      { ask: 'mark', run_ids: ['c'], mark: 'shelf', value: 'dropped' },
      { ask: 'mark', run_ids: ['c'], mark: 'shelf', value: null },
    ]);
  });

  test('finds words, and says in one line what is wrong with a condition', async () => {
    const { find, panel, row, text } = await shown({
      answer: ({ ask }) => (ask === 'filter' ? { answer: 'failure', message: 'Unknown name "lrr".' } : undefined),
    });
    await vi.waitFor(() => expect(find('.trackside-run')).toHaveLength(4));
    const input = find('.trackside-filter input')[0] as HTMLInputElement;
    const enter = (value: string) => {
      input.value = value;
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    };
    row('a').dispatchEvent(new MouseEvent('click', { bubbles: true }));
    enter('forest');
    await vi.waitFor(() => expect(find('.trackside-run')).toHaveLength(2));
    expect(panel.state.value.filter).toBe('forest');
    expect(panel.list?.page.selection.ticked.value.size).toBe(0);
    enter('lrr < 1');
    await vi.waitFor(() => expect(text()).toContain('Unknown name "lrr". — still filtered by: forest'));
    panel.state.value = {
      ...panel.state.value,
      filter: '',
      facets: { ...panel.state.value.facets, statuses: ['failed'] },
    };
    await vi.waitFor(() => expect(find('.trackside-run').map((each) => each.dataset['run'])).toEqual(['d']));
  });

  test('asks for older runs when they are wanted, and shows the bin with what lies there', async () => {
    const { find, panel, server } = await shown({ table: { ...exampleTable, total: 250 } });
    await vi.waitFor(() => expect(find('.trackside-run')).toHaveLength(4));
    const asked = () => server.asked.filter(({ body }) => (body?.['question'] as Question | undefined)?.ask === 'runs');
    expect(asked().at(-1)?.body).toMatchObject({ newest: 100, project: null });
    find('.trackside-run-scroller > .trackside-link')[0]?.click();
    await vi.waitFor(() => expect(asked().at(-1)?.body).toMatchObject({ newest: 200 }));
    panel.state.value = { ...panel.state.value, filter: 'nowhere' };
    await vi.waitFor(() => expect(panel.node.textContent).toContain('No run passes the filters'));
    await vi.waitFor(() => expect(asked().at(-1)?.body).toMatchObject({ newest: 10_000 }));
    panel.state.value = { ...panel.state.value, filter: '' };
    panel.state.value = { ...panel.state.value, facets: { ...panel.state.value.facets, place: 'dropped' } };
    await vi.waitFor(() => expect(asked().at(-1)?.body).toMatchObject({ question: { include_hidden: true } }));
    await vi.waitFor(() => expect(panel.node.textContent).toContain('The bin is empty.'));
  });

  test('sorts all runs, not the newest alone, and shows in its rows what is ticked', async () => {
    const { find, panel, server, row } = await shown({ table: { ...exampleTable, total: 5000 } });
    await vi.waitFor(() => expect(find('.trackside-run')).toHaveLength(4));
    const menu = find('.trackside-side-head .trackside-menu > button')[0] as HTMLElement;
    expect(menu.textContent).toBe('↑ accuracy ▾');
    menu.click();
    const choose = (label: string, value: string): void => {
      const select = find(`select[aria-label="${label}"]`)[0] as HTMLSelectElement;
      select.value = value;
      select.dispatchEvent(new Event('change'));
    };
    const order = () =>
      find('.trackside-run')
        .map((each) => each.dataset['run'])
        .join('');
    choose('Sort by', 'metric:loss');
    expect([order(), panel.state.value.sort]).toEqual(['dcab', { key: 'metric:loss', descending: false }]);
    const asked = () => server.asked.filter(({ body }) => (body?.['question'] as Question | undefined)?.ask === 'runs');
    await vi.waitFor(() => expect(asked().at(-1)?.body).toMatchObject({ newest: 10_000 }));
    choose('Order', 'down');
    expect([order(), menu.textContent]).toEqual(['acdb', '↓ loss · ↑ accuracy ▾']);
    find('.trackside-order li label')
      .find(({ title }) => title === 'C')
      ?.click();
    expect(panel.state.value.shown).toEqual(['metric:accuracy', 'param:C']);
    expect(row('a').querySelector('.trackside-run-facts')?.textContent).toBe('C 10');
    expect(row('a').getAttribute('aria-label')).toContain('C 10');
    choose('Sort by', 'run:started_at');
    expect(panel.state.value.sort).toBe(null);
    await vi.waitFor(() => expect(asked().at(-1)?.body).toMatchObject({ newest: 100 }));
  });

  test('says how many hidden runs a search would find that finds no other, and shows them', async () => {
    const whole = { ...exampleTable, shown_anyway: ['d'] };
    const columns = exampleTable.columns.map((each) => ({ ...each, values: each.values.slice(0, 3) }));
    const tidy: RunTable = { ...exampleTable, run_ids: ['a', 'b', 'c'], columns, total: 3, hidden: { failed: 1 } };
    const { find, panel, text, server } = await shown({
      answer: (question) => (question.ask === 'runs' ? (question.include_hidden ? whole : tidy) : undefined),
    });
    await vi.waitFor(() => expect(find('.trackside-run')).toHaveLength(3));
    panel.state.value = { ...panel.state.value, filter: 'crash' };
    await vi.waitFor(() => expect(text()).toContain('1 hidden run passes the filters. Show'));
    const asked = () => server.asked.filter(({ body }) => (body?.['question'] as Question | undefined)?.ask === 'runs');
    const before = asked().length;
    find('.trackside-run-scroller .trackside-link')[0]?.click();
    await vi.waitFor(() => expect(find('.trackside-run').map((each) => each.dataset['run'])).toEqual(['d']));
    expect(asked().length).toBe(before + 1);
  });

  test('counts the runs of experiments anew when there are more', async () => {
    let runs = 4;
    const counts = (): Answer => ({
      answer: 'experiments',
      experiments: [{ project: 'p', name: 'train', runs, running: 0, newest: 0 }],
    });
    const { panel, find } = await shown({ answer: ({ ask }) => (ask === 'experiments' ? counts() : undefined) });
    const offered = () => find('.trackside-picker option').map(({ textContent }) => textContent);
    await vi.waitFor(() => expect(offered()).toContain('train · 4 runs'));
    runs = 5;
    await vi.waitFor(() => expect(panel.list?.page.table.value.total).toBe(4));
    (panel.list as ListView).page.table.value = { ...exampleTable, total: 5 };
    await vi.waitFor(() => expect(offered()).toContain('train · 5 runs'));
  });

  test('shows the runs of a cell alone, and says so', async () => {
    const { panel, server, find } = await shown();
    const chosen = { store: 's2', project: null, experiment: null, run_ids: ['a', 'b'] };
    panel.state.value = { ...panel.state.value, chosen };
    await vi.waitFor(() => {
      const runs = server.asked.filter(({ body }) => (body?.['question'] as Question | undefined)?.ask === 'runs');
      expect(runs.at(-1)?.body).toMatchObject({ store: 's2', run_ids: ['a', 'b'] });
    });
    expect((find('.trackside-picker')[0] as HTMLSelectElement).selectedOptions[0]?.text).toBe('2 runs of a cell');
  });

  test('shows names as they are, whatever is in them', async () => {
    const names = [HOSTILE, '__proto__', 'constructor', 'x'.repeat(10_000)];
    const columns = [
      column('run:name', 'text', names),
      column('run:status', 'text', names),
      column('run:note', 'text', names),
      column('run:tag:__proto__', 'text', names),
      column('metric:__proto__', 'number', [1, 2, 3, 4]),
    ];
    const { find, panel } = await shown({
      table: { ...exampleTable, columns, main: 'metric:__proto__', metrics: ['__proto__'] },
    });
    await vi.waitFor(() => expect(find('.trackside-run')).toHaveLength(4));
    panel.state.value = { ...panel.state.value, groupBy: 'run:tag:__proto__' };
    expect(find('.trackside-run .trackside-label').map((each) => each.textContent)).toEqual(names);
    expect(find('img, script')).toHaveLength(0);
  });
});
