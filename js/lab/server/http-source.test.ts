import { expect, test, vi } from 'vitest';
import { exampleTable } from '../../core/example-runs';
import type { Question } from '../../core/wire';
import { Api } from './api';
import { FakeServer } from './fake-server';
import { HttpSource } from './http-source';

const SCOPE = { store: 's', project: 'p', experiment: 'e', newest: 100 };

test('each question goes with its scope; one that changes something goes where changes are allowed', async () => {
  const server = new FakeServer({ ask: () => exampleTable, change: () => exampleTable });
  const source = new HttpSource(new Api(server.settings), { watch: () => () => undefined }, SCOPE);
  const questions: Question[] = [
    { ask: 'runs' },
    { ask: 'mark', run_ids: ['a'], mark: 'starred', value: 'yes' },
    { ask: 'baseline', run_id: null },
    { ask: 'views' },
    { ask: 'views', name: 'mine' },
  ];
  for (const question of questions) {
    expect(await source.ask(question)).toEqual(exampleTable);
  }
  expect(server.asked.map(({ route }) => route)).toEqual(['ask', 'change', 'change', 'ask', 'change']);
  expect(server.asked.map(({ body }) => body)).toEqual(questions.map((question) => ({ ...SCOPE, question })));
});

test('a failure is an error with its message', async () => {
  const server = new FakeServer({ ask: () => ({ answer: 'failure', message: 'Unknown name "lrr".' }) });
  const source = new HttpSource(new Api(server.settings), { watch: () => () => undefined }, SCOPE);
  await expect(source.ask({ ask: 'filter', expression: 'lrr < 1' })).rejects.toThrow('Unknown name "lrr".');
});

test.each([
  ['', exampleTable, 1000],
  [', also of thousands of runs', { ...exampleTable, run_ids: Array.from({ length: 5000 }, (_, at) => `${at}`) }, 5000],
])(
  'news of its store are told at once, but ten times as long after an answer as that took%s',
  async (_, table, pause) => {
    vi.useFakeTimers();
    let news: () => void = () => undefined;
    const stop = vi.fn();
    const watch = (store: string, told: () => void) => {
      expect(store).toBe('s');
      news = told;
      return stop;
    };
    const ask = async () => {
      await new Promise((resolve) => setTimeout(resolve, pause / 10));
      return table;
    };
    const source = new HttpSource({ ask, change: ask }, { watch }, SCOPE);
    const told = vi.fn();
    const undo = source.onNews(told);
    news();
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toHaveBeenCalledTimes(1);
    const answer = source.ask({ ask: 'runs' });
    await vi.advanceTimersByTimeAsync(pause / 10);
    await answer;
    news();
    news();
    await vi.advanceTimersByTimeAsync(pause - 1);
    expect(told).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toHaveBeenCalledTimes(2);
    news();
    undo();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told).toHaveBeenCalledTimes(2);
    expect(stop).toHaveBeenCalled();
    vi.useRealTimers();
  },
);

test('a question that the server does not answer is news: whoever asks for the runs sees when it is back', async () => {
  vi.useFakeTimers();
  const away = async (): Promise<never> => {
    throw new Error('away');
  };
  const source = new HttpSource({ ask: away, change: away }, { watch: () => () => undefined }, SCOPE);
  const told = vi.fn();
  source.onNews(told);
  await expect(source.ask({ ask: 'filter', expression: 'lr < 1' })).rejects.toThrow('away');
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toHaveBeenCalledTimes(1);
  await expect(source.ask({ ask: 'runs' })).rejects.toThrow('away');
  await vi.advanceTimersByTimeAsync(1000);
  expect(told).toHaveBeenCalledTimes(1);
  vi.useRealTimers();
});
