import type { Event } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Watcher } from './watcher';

/** A server whose stores have `marks`, and Jupyter's event bus. */
function watched(marks: Record<string, string | Error>) {
  const manager = {};
  const stream = new Signal<object, Event.Emission>(manager);
  const watch = vi.fn(async ({ store }: { store: string; seconds?: number }) => {
    const mark = marks[store] ?? '';
    if (mark instanceof Error) {
      throw mark;
    }
    return { mark };
  });
  const watcher = new Watcher({ watch }, { stream } as unknown as Event.IManager);
  const emit = (store: string, mark: string): void => {
    marks[store] = mark;
    stream.emit({ schema_id: 'urn:trackside:runs-changed', store, mark });
  };
  return { watcher, watch, emit, stream };
}

function setVisibility(state: DocumentVisibilityState): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new window.Event('visibilitychange'));
}

describe('watching a store', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });
  const settle = () => vi.advanceTimersByTimeAsync(0);

  test('tells at the first lease, and then what the event bus brings of this store', async () => {
    const { watcher, emit, stream } = watched({ a: '1', b: '1' });
    const told = vi.fn();
    watcher.watch('a', told);
    await settle();
    expect(told).toHaveBeenCalledTimes(1);
    emit('a', '2');
    expect(told).toHaveBeenCalledTimes(2);
    emit('a', '2');
    emit('b', '2');
    stream.emit({ schema_id: 'https://events.jupyter.org/other', store: 'a', mark: '3' });
    expect(told).toHaveBeenCalledTimes(2);
  });

  test('is renewed before the lease is over, once for all who want to know, and not after the last of them', async () => {
    const { watcher, watch } = watched({ a: '1' });
    const [first, second] = [watcher.watch('a', vi.fn()), watcher.watch('a', vi.fn())];
    await vi.advanceTimersByTimeAsync(60_500);
    expect(watch.mock.calls.length).toBe(7);
    first();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(watch.mock.calls.length).toBe(8);
    second();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(watch.mock.calls.length).toBe(8);
  });

  test('rests while the page is hidden; what happened meanwhile is told when it is seen again', async () => {
    const marks = { a: '1' };
    const { watcher, watch } = watched(marks);
    const told = vi.fn();
    watcher.watch('a', told);
    await settle();
    setVisibility('hidden');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(watch).toHaveBeenCalledTimes(1);
    setVisibility('visible');
    await settle();
    expect(told).toHaveBeenCalledTimes(1);
    setVisibility('hidden');
    marks.a = '2';
    setVisibility('visible');
    await settle();
    expect(told).toHaveBeenCalledTimes(2);
  });

  test('leaves no gap where an event was lost, nor where the server was away', async () => {
    const marks: Record<string, string | Error> = { a: '1' };
    const { watcher } = watched(marks);
    const told = vi.fn();
    watcher.watch('a', told);
    await settle();
    marks['a'] = '2';
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told).toHaveBeenCalledTimes(2);
    marks['a'] = new Error('away');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(told).toHaveBeenCalledTimes(3); // whoever asks now hears that it is away
    marks['a'] = '2';
    window.dispatchEvent(new window.Event('online'));
    await settle();
    expect(told).toHaveBeenCalledTimes(4);
  });

  test('looked at again after a while, tells only where something changed', async () => {
    const { watcher } = watched({ a: '1' });
    const told = vi.fn();
    watcher.watch('a', told)();
    watcher.watch('a', told)();
    await settle();
    expect(told).not.toHaveBeenCalled();
    const undo = watcher.watch('a', told);
    await settle();
    undo();
    watcher.watch('a', told);
    await settle();
    expect(told).toHaveBeenCalledTimes(1);
  });
});
