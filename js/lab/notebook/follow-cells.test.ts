import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { stubSight } from '../../core/fake-sight';
import { Observable } from '../../core/observable';
import type { Place } from '../../core/wire';
import { Api } from '../server/api';
import { FakeServer } from '../server/fake-server';
import { type Execution, followCells } from './follow-cells';

const PLACE: Place = { store: 'k', folder: '/f', project: 'p', experiment: 'e', exists: true, told_by: 'settings' };
const RUNS = { cell_id: 'a', run_ids: ['r'], status: 'finished' };

let see: (isIntersecting: boolean) => void;

/** A notebook whose runs are at `PLACE`, and who watches that store. */
function followed() {
  const server = new FakeServer({ ask: () => ({ answer: 'cells', cells: [RUNS] }) });
  const listeners = new Set<() => void>();
  const watch = (_: string, told: () => void) => {
    listeners.add(told);
    return () => void listeners.delete(told);
  };
  const value = new Observable<Place | null>(null);
  const refresh = vi.fn(async () => {
    value.value = PLACE;
  });
  const content = {};
  const panel = { node: document.createElement('div'), content, context: {} };
  const executed = new Signal<object, Execution>({});
  const place = { value, refresh };
  const all = { api: new Api(server.settings), watcher: { watch }, placeOf: () => place };
  const made = followCells(panel as never, all as never, executed);
  const execute = (notebook: object) => executed.emit({ notebook } as never);
  return { made, server, listeners, refresh, execute, content };
}

describe('the runs of a notebook’s cells', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    see = stubSight();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
  const settle = () => vi.advanceTimersByTimeAsync(20);

  test('are asked for once the notebook is in sight, of the experiment that is its own', async () => {
    const { made, server, refresh } = followed();
    await settle();
    expect(refresh).not.toHaveBeenCalled();
    see(true);
    await settle();
    await vi.waitFor(() => expect(made.cells.value).toEqual([RUNS]));
    expect(server.asked).toMatchObject([
      { body: { store: 'k', project: 'p', experiment: 'e', question: { ask: 'cells' } } },
    ]);
  });

  test('are asked for at news, and no news is listened for out of sight', async () => {
    const { server, listeners, made } = followed();
    see(true);
    await vi.advanceTimersByTimeAsync(1000);
    for (const told of listeners) {
      told();
    }
    await settle();
    expect(server.asked).toHaveLength(2);
    see(false);
    expect(listeners.size).toBe(0);
    see(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.asked).toHaveLength(3);
    made.dispose();
    expect(listeners.size).toBe(0);
  });

  test('are looked for at once when cells of this notebook ran, also where they are kept; once for all of them', async () => {
    const { refresh, execute, content, server } = followed();
    see(true);
    await vi.advanceTimersByTimeAsync(1000);
    execute({});
    await vi.advanceTimersByTimeAsync(1000);
    expect(refresh).toHaveBeenCalledTimes(1);
    execute(content);
    execute(content);
    await vi.advanceTimersByTimeAsync(1000);
    expect(refresh).toHaveBeenCalledTimes(2);
    expect(server.asked).toHaveLength(2);
  });
});
