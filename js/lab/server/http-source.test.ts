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

test('news of its store are news of the source', () => {
  const watch = vi.fn(() => () => undefined);
  const told = () => undefined;
  new HttpSource(new Api(new FakeServer().settings), { watch }, SCOPE).onNews(told);
  expect(watch).toHaveBeenCalledWith('s', told);
});
