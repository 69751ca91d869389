import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { column, exampleTable } from '../../core/example-runs';
import type { Question, RunPage, RunTable } from '../../core/wire';
import { Api } from '../server/api';
import { FakeServer } from '../server/fake-server';
import { RunTab } from './run-tab';
import { Workbench } from './workbench';

const PAGE: RunPage = {
  answer: 'run',
  run_id: 'a',
  name: 'svm',
  status: 'running',
  project: 'p',
  experiment: 'e',
  started_at: 0,
  sections: [],
};
const trans = nullTranslator.load('trackside');

let see: (isIntersecting: boolean) => void;
const widgets: Widget[] = [];

beforeEach(() => {
  const readers = new Map<Element, (entries: { isIntersecting: boolean }[]) => void>();
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      readonly #read: (entries: { isIntersecting: boolean }[]) => void;
      constructor(read: (entries: { isIntersecting: boolean }[]) => void) {
        this.#read = read;
      }
      observe(element: Element): void {
        readers.set(element, this.#read);
      }
      unobserve(): void {}
      disconnect(): void {}
    },
  );
  see = (isIntersecting) => {
    for (const { node } of widgets) {
      readers.get(node)?.([{ isIntersecting }]);
    }
  };
});

afterEach(() => {
  for (const widget of widgets.splice(0)) {
    widget.dispose();
  }
  vi.unstubAllGlobals();
});

/** A tab behind others; `see` brings it to the front. */
function behind(
  make: (server: never) => Widget,
  comparison: () => object | Error = () => new Error('cut'),
  table: RunTable = exampleTable,
) {
  const listeners = new Set<() => void>();
  const watch = (_: string, told: () => void) => {
    listeners.add(told);
    return () => void listeners.delete(told);
  };
  const page = { ...PAGE };
  const ask = ({ body }: { body: Record<string, unknown> | null }) => {
    const what = (body?.['question'] as Question | undefined)?.ask;
    if (what === 'comparison') {
      return comparison();
    }
    return what === 'run' ? page : table;
  };
  const server = new FakeServer({ ask, change: ask });
  const api = new Api(server.settings);
  const widget = make({ api, watcher: { watch } } as never);
  widgets.push(widget);
  Widget.attach(widget, document.body);
  const asked = (what: string) =>
    server.asked.filter(({ body }) => (body?.['question'] as Question | undefined)?.ask === what).length;
  return { widget, server, listeners, page, asked, text: () => widget.node.textContent ?? '' };
}

const runTab = (server: never) =>
  new RunTab({ store: 's', project: 'p', experiment: 'e' }, 'a', { server, trans, execute: vi.fn(), has: () => true });
const settle = () => new Promise((resolve) => setTimeout(resolve));

test('a run behind others is asked for when it comes into sight, and again each time', async () => {
  const { server, asked, page, listeners, text } = behind(runTab);
  await settle();
  expect(server.asked).toEqual([]);
  see(true);
  await vi.waitFor(() => expect(text()).toContain('running'));
  expect(listeners.size).toBe(1);
  see(false);
  expect(listeners.size).toBe(0);
  page.status = 'finished';
  see(true);
  await vi.waitFor(() => expect(text()).toContain('finished'));
  expect(asked('run')).toBe(2);
});

test('charts that failed can be tried again', async () => {
  const { widget, asked, text } = behind(runTab);
  see(true);
  await vi.waitFor(() => expect(text()).toMatch(/does not answer.*Try again/));
  const before = asked('comparison');
  widget.node.querySelector<HTMLElement>('.trackside-run-charts button')?.click();
  await vi.waitFor(() => expect(asked('comparison')).toBe(before + 1));
});

test('a comparison behind others is asked for once it comes into sight, once', async () => {
  const { server, asked, text } = behind((made) => new Workbench(made, { store: 's', run_ids: ['a'] }, trans));
  await settle();
  expect(server.asked).toEqual([]);
  see(true);
  await vi.waitFor(() => expect(text()).toContain('Try again'));
  see(false);
  see(true);
  await settle();
  expect(asked('comparison')).toBe(1);
});

test('what is said of the run stands on its page, is written there, and can be taken back', async () => {
  const table = {
    ...exampleTable,
    columns: [...exampleTable.columns, column('run:note', 'text', ['try deeper', null, null, null])],
  };
  const execute = vi.fn();
  const make = (server: never) =>
    new RunTab({ store: 's', project: 'p', experiment: 'e' }, 'a', { server, trans, execute, has: () => true });
  const { widget, server, text } = behind(make, undefined, table);
  see(true);
  await vi.waitFor(() => expect(text()).toContain('try deeper'));
  const button = (word: string) =>
    [...widget.node.querySelectorAll('button')].find(({ textContent }) => textContent === word);
  button('☆ Star')?.click();
  button('Put in the bin')?.click();
  expect(execute.mock.calls.map(([command]) => command)).toEqual(['trackside:star-run', 'trackside:delete-runs']);
  const { target } = widget as RunTab;
  target.list.write('a', 'name');
  const input = widget.node.querySelector<HTMLInputElement>('h1 input');
  server.routes['change'] = () => ({ ...table, names: ['best svm', 'b', 'c', 'd'] });
  if (input) {
    input.value = 'best svm';
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
  }
  await vi.waitFor(() => expect(text()).toContain('is called best svm · Undo'));
  const changes = () => server.asked.filter(({ route }) => route === 'change').map(({ body }) => body);
  expect(changes()).toMatchObject([
    { store: 's', project: 'p', experiment: 'e', run_ids: ['a'], question: { mark: 'name', value: 'best svm' } },
  ]);
  button('Undo')?.click();
  await vi.waitFor(() => expect(changes()).toHaveLength(2));
});
