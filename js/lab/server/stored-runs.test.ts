import { expect, test, vi } from 'vitest';
import { column, exampleTable } from '../../core/example-runs';
import type { RunTable } from '../../core/wire';
import { Api } from './api';
import { FakeServer, type Route } from './fake-server';
import { StoredRuns } from './stored-runs';

const CARD = 'application/vnd.trackside.card.v1+json';

function stored(routes: Record<string, Route>, store: string | null = 'k') {
  const server = new FakeServer(routes);
  const watch = vi.fn(() => () => undefined);
  const runs = new StoredRuns(new Api(server.settings), { watch }, { store: async () => store });
  return { runs, watch, server };
}

function tableOf(status: string): RunTable {
  return { ...exampleTable, run_ids: ['r'], columns: [column('run:status', 'text', [status])], total: 1 };
}

test('runs that the store has are answered from it, those alone', async () => {
  const { runs, server } = stored({ ask: () => exampleTable });
  const source = await runs.sourceOf(['a', 'b']);
  expect(source?.live).toBe(true);
  expect(server.asked).toMatchObject([{ body: { store: 'k', run_ids: ['a', 'b'], question: { ask: 'runs' } } }]);
});

test('there is no source of runs that the store does not have, nor where no store is known, nor of no runs', async () => {
  const { runs } = stored({ ask: () => ({ ...exampleTable, run_ids: [] }) });
  expect(await runs.sourceOf(['a'])).toBeNull();
  const nowhere = stored({ ask: () => exampleTable }, null);
  expect(await nowhere.runs.sourceOf(['a'])).toBeNull();
  const { runs: others, server } = stored({ ask: () => exampleTable });
  expect(await others.sourceOf([])).toBeNull();
  expect(server.asked).toEqual([]);
});

test('the card of a run that goes on is not asked for; that of one that ended is, by its id', async () => {
  const outputs = [
    { output_type: 'stream', name: 'stdout', text: 'hello' },
    { output_type: 'display_data', data: { [CARD]: { run_id: 'other' } } },
    { output_type: 'display_data', data: { [CARD]: { run_id: 'r' }, 'text/plain': 'card' } },
  ];
  const kept = () => ({ outputs });
  const going = stored({ ask: () => tableOf('running'), outputs: kept });
  expect(await going.runs.cardOf('r', CARD)).toBe('running');
  expect(going.server.asked.map(({ route }) => route)).toEqual(['ask']);
  const ended = stored({ ask: () => tableOf('failed'), outputs: kept });
  expect(await ended.runs.cardOf('r', CARD)).toMatchObject({ 'text/plain': 'card' });
  const unknown = stored({ ask: () => ({ ...exampleTable, run_ids: [], columns: [] }) });
  expect(await unknown.runs.cardOf('r', CARD)).toBe('unknown');
});

test('news is told at first and then by the watcher; not to one who no longer listens', async () => {
  const { runs, watch } = stored({});
  const told = vi.fn();
  runs.onNews(told)();
  await Promise.resolve();
  expect(told).not.toHaveBeenCalled();
  runs.onNews(told);
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1));
  expect(watch).toHaveBeenCalledWith('k', told);
});
