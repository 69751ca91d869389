import { Signal } from '@lumino/signaling';
import { expect, test, vi } from 'vitest';
import type { Place } from '../../core/wire';
import { NotebookPlace } from './notebook-place';
import { pastPath } from './past-path';

/** A notebook at a path, and a server that keeps the runs of each in a store of its own. */
function notebook(
  path: string,
  answer: (path: string) => Promise<unknown> = async (at) => ({ store: `store of ${at}` }),
) {
  const place = vi.fn(answer);
  const sessionContext = { kernelChanged: new Signal<object, void>({}), statusChanged: new Signal<object, string>({}) };
  const context = { path, pathChanged: new Signal<object, string>({}), sessionContext };
  const contents = {
    driveName: (at: string) => /^(RTC|trackside|s3):/.exec(at)?.[1] ?? '',
    localPath: (at: string) => at.replace(/^(RTC|trackside|s3):/, ''),
  };
  const made = new NotebookPlace({ place: place as (at: string) => Promise<Place> }, contents, context as never);
  const rename = (to: string): void => {
    context.path = to;
    context.pathChanged.emit(to);
  };
  return { made, place, rename, ...sessionContext };
}

test('a place is asked for once somebody wants to know it, and once for all', async () => {
  const { made, place } = notebook('work/train.ipynb');
  expect(place).not.toHaveBeenCalled();
  expect(await Promise.all([made.store(), made.store(), made.get()])).toMatchObject([
    'store of work/train.ipynb',
    'store of work/train.ipynb',
    { store: 'store of work/train.ipynb' },
  ]);
  expect(place).toHaveBeenCalledTimes(1);
});

test('a notebook with a new name is asked for again; one that nobody asked for is not', async () => {
  const { made, place, rename } = notebook('a.ipynb');
  rename('b.ipynb');
  expect(place).not.toHaveBeenCalled();
  await made.get();
  rename('c.ipynb');
  await vi.waitFor(() => expect(made.value.value?.store).toBe('store of c.ipynb'));
});

test('a place that stays the same is told to nobody', async () => {
  const { made } = notebook('a.ipynb');
  await made.get();
  const told = vi.fn();
  made.value.subscribe(told);
  await made.refresh();
  expect(told).not.toHaveBeenCalled();
});

test('where the server does not answer nothing is known, and it is asked again', async () => {
  let isAway = true;
  const { made } = notebook('a.ipynb', async () => {
    if (isAway) {
      throw new Error('away');
    }
    return { store: 'k' };
  });
  expect(await made.store()).toBeNull();
  isAway = false;
  expect(await made.store()).toBe('k');
});

test('a notebook with another kernel, or one that has restarted, is asked for again', async () => {
  const { made, place, kernelChanged, statusChanged } = notebook('a.ipynb');
  statusChanged.emit('idle');
  await made.get();
  kernelChanged.emit();
  expect(place).toHaveBeenCalledTimes(2);
  for (const status of ['busy', 'idle', 'restarting', 'starting']) {
    statusChanged.emit(status);
  }
  expect(place).toHaveBeenCalledTimes(2);
  for (const status of ['idle', 'busy', 'idle']) {
    statusChanged.emit(status);
  }
  expect(place).toHaveBeenCalledTimes(3);
});

test('a question that fails late takes nothing from a newer one', async () => {
  let fail: (error: Error) => void = () => undefined;
  const { made, place } = notebook('a.ipynb', async () => ({ store: 'k' }));
  place.mockImplementationOnce(() => new Promise((_, reject) => (fail = reject)));
  const first = made.refresh();
  await made.refresh();
  fail(new Error('away'));
  expect(await first).toBeNull();
  expect(await made.store()).toBe('k');
  expect(made.problem).toBeNull();
  expect(place).toHaveBeenCalledTimes(2);
});

test('why the server does not tell is known', async () => {
  const away = new Error('away');
  const { made } = notebook('a.ipynb', async () => {
    throw away;
  });
  await made.get();
  expect(made.problem).toBe(away);
});

test('notebooks on other drives have no place; one as it was has its store in its path', async () => {
  expect(await notebook('s3:bucket/a.ipynb').made.store()).toBeNull();
  expect(await notebook('RTC:a.ipynb').made.store()).toBe('store of a.ipynb');
  const past = notebook(pastPath({ store: 'k', run_id: 'r-12345' }, 'work/train.ipynb'));
  expect(await past.made.store()).toBe('k');
  expect(past.place).not.toHaveBeenCalled();
  expect(await past.made.get()).toEqual({ store: 'store of work/train.ipynb' });
});
