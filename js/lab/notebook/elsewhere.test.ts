import { nullTranslator } from '@jupyterlab/translation';
import { expect, test, vi } from 'vitest';
import { Observable } from '../../core/observable';
import type { Place } from '../../core/wire';
import { tellElsewhere } from './elsewhere';

const PLACE = { store: 'a', folder: '/srv/.trackside' } as Place;

function told(kernel: Record<string, string> | null, server: Place | null) {
  const isOpen = new Observable(false);
  const request = kernel ? async () => kernel : () => Promise.reject(new Error('Nobody here answers'));
  const say = vi.fn();
  const trans = { __: (text: string, ...words: string[]) => text.replace(/%(\d)/g, (_, at) => words[at - 1] ?? '') };
  const bundle = { ...nullTranslator.load('trackside'), ...trans };
  tellElsewhere({ isOpen, request } as never, { refresh: async () => server }, bundle as never, say);
  const open = async (): Promise<void> => {
    isOpen.value = false;
    isOpen.value = true;
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { say, open };
}

test('a kernel with a store that the server does not see is told once', async () => {
  const { say, open } = told({ store: 'b', folder: '/gpu/.trackside', host: 'gpu1' }, PLACE);
  await open();
  await open();
  expect(say).toHaveBeenCalledTimes(1);
  expect(say.mock.calls[0]?.[0]).toContain("runs in /gpu/.trackside on gpu1, which Jupyter's server does not see");
  expect(say.mock.calls[0]?.[0]).toContain('looks into /srv/.trackside');
});

test.each([
  ['has the store that the server sees', { store: 'a', folder: '/srv/.trackside', host: 'here' }, PLACE],
  ['does not tell', null, PLACE],
  ['has a server that is away', { store: 'b', folder: '/gpu/.trackside', host: 'gpu1' }, null],
])('nothing is said of a kernel that %s', async (_, kernel, server) => {
  const { say, open } = told(kernel, server);
  await open();
  expect(say).not.toHaveBeenCalled();
});
