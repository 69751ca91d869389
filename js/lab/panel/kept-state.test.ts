import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Observable } from '../../core/observable';
import { Api } from '../server/api';
import { FakeServer } from '../server/fake-server';
import { keepPanelState } from './kept-state';
import { FIRST_STATE } from './panel-state';

const CHOSEN = { store: 's2', project: 'p', experiment: 'e' };
const PLACE = { store: 's2', folder: '/f', project: 'p', experiment: 'e', exists: true, told_by: 'settings' };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A page whose panel's state is kept in `kept`, and whose server has just been started. */
function page(kept: { value?: unknown }) {
  let isKnown = false;
  const server = new FakeServer({
    place: () => {
      isKnown = true;
      return PLACE;
    },
    watch: () =>
      isKnown ? { mark: 'm' } : new Response(JSON.stringify({ message: 'No store "s2".' }), { status: 404 }),
  });
  const api = new Api(server.settings);
  const state = new Observable(FIRST_STATE);
  const save = async (_: string, value: unknown): Promise<void> => {
    kept.value = JSON.parse(JSON.stringify(value));
  };
  keepPanelState({ fetch: async () => kept.value, save } as never, state, api);
  return { api, state, server };
}

test('a chosen store is found again after a reload, though the server was started anew', async () => {
  const kept: { value?: unknown } = {};
  const first = page(kept);
  await first.api.place('work/train.ipynb');
  await vi.advanceTimersByTimeAsync(0);
  first.state.value = { ...FIRST_STATE, chosen: CHOSEN };
  await vi.advanceTimersByTimeAsync(1000);
  const second = page(kept);
  await vi.advanceTimersByTimeAsync(0);
  expect(second.state.value.chosen).toEqual(CHOSEN);
  expect(await second.api.watch({ store: 's2' })).toEqual({ mark: 'm' });
  expect(second.server.asked.map(({ route }) => route)).toEqual(['watch', 'place?path=work%2Ftrain.ipynb', 'watch']);
  second.state.value = { ...second.state.value, filter: 'x' };
  await vi.advanceTimersByTimeAsync(1000);
  expect(kept.value).toMatchObject({ chosen: CHOSEN, filter: 'x', notebook: 'work/train.ipynb' });
});
