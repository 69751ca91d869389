import type { IRenderMime } from '@jupyterlab/rendermime';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { stubSight } from '../core/fake-sight';
import { Observable } from '../core/observable';
import { CARD_MIME, CardRenderer } from './card-renderer';
import type { KernelLink } from './kernel-link';
import type { StoredRuns } from './server/stored-runs';

const RUNNING = { version: 1, run_id: 'r', status: 'running', lines: [[{ text: '● running' }, { text: ' · mlp' }]] };
const ENDED = { ...RUNNING, status: 'interrupted', lines: [[{ text: '■ interrupted' }]] };

let see: (isIntersecting: boolean) => void;

/** A link that answers with a card's forms; null is a run it does not know. */
function linkOf(isOpen: boolean, answer: () => object | null) {
  const request = vi.fn(async () => {
    const card = answer();
    return { op: 'card', bundle: card ? JSON.stringify({ [CARD_MIME]: card, 'text/plain': 'told' }) : '' };
  });
  return { isOpen: new Observable(isOpen), request };
}

/** A store that tells how a run went; `tell` says that its runs changed. */
function storeOf(answer: () => object | 'running' | 'unknown' | null) {
  const listeners = new Set<() => void>();
  const cardOf = vi.fn(async () => {
    const card = answer();
    return card === null || typeof card === 'string' ? card : { [CARD_MIME]: card, 'text/plain': 'kept' };
  });
  const onNews = (told: () => void) => {
    listeners.add(told);
    told();
    return () => void listeners.delete(told);
  };
  const tell = (): void => {
    for (const told of listeners) {
      told();
    }
  };
  return { cardOf, onNews, tell, listeners };
}

function shown(
  link: ReturnType<typeof linkOf> | null,
  card: object = RUNNING,
  store: ReturnType<typeof storeOf> | null = null,
) {
  const renderer = new CardRenderer(link as unknown as KernelLink | null, store as unknown as StoredRuns | null);
  const model = {
    data: { [CARD_MIME]: card, 'text/plain': 'saved' } as Record<string, unknown>,
    setData: ({ data }: { data: Record<string, unknown> }) => {
      model.data = data;
    },
  };
  void renderer.renderModel(model as unknown as IRenderMime.IMimeModel);
  see(true);
  return { renderer, model, text: () => renderer.node.textContent ?? '' };
}

describe('a card of a running run', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    see = stubSight();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  test('does not look alive where there is no kernel', () => {
    const { text } = shown(null);
    expect(text()).toContain('last seen running · mlp');
    expect(text()).not.toContain('●');
  });

  test('looks alive for a moment, until it is clear that no kernel answers', async () => {
    const { text } = shown(linkOf(false, () => null));
    expect(text()).toContain('● running');
    await vi.advanceTimersByTimeAsync(3000);
    expect(text()).toContain('last seen running');
  });

  test('does not look alive once the kernel is gone; the next one tells how the run ended, and that is kept', async () => {
    const link = linkOf(true, () => ENDED);
    const { text, model } = shown(link);
    expect(text()).toContain('● running');
    link.isOpen.value = false;
    expect(text()).toContain('last seen running');
    link.isOpen.value = true;
    await vi.advanceTimersByTimeAsync(10);
    expect(text()).toBe('■ interrupted');
    expect(link.request).toHaveBeenCalledWith('card', { run_id: 'r' });
    expect(model.data['text/plain']).toBe('told');
  });

  test('is asked for again while it goes on, and not once it has ended', async () => {
    let card = RUNNING;
    const link = linkOf(true, () => card);
    const { text, model } = shown(link);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(link.request).toHaveBeenCalledTimes(2);
    expect(model.data['text/plain']).toBe('saved');
    card = ENDED;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(link.request).toHaveBeenCalledTimes(3);
    expect(text()).toBe('■ interrupted');
  });

  test('of which the kernel knows nothing is only as last seen', async () => {
    const { text } = shown(linkOf(true, () => null));
    await vi.advanceTimersByTimeAsync(6000);
    expect(text()).toContain('last seen running');
  });

  test('that has ended is drawn as it is, and nobody is asked', async () => {
    const link = linkOf(false, () => null);
    const { text } = shown(link, ENDED);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(text()).toBe('■ interrupted');
    expect(link.request).not.toHaveBeenCalled();
  });

  test('is told of by the store where no kernel is, and that is kept', async () => {
    const store = storeOf(() => ENDED);
    const { text, model } = shown(
      linkOf(false, () => null),
      RUNNING,
      store,
    );
    await vi.advanceTimersByTimeAsync(10);
    expect(text()).toBe('■ interrupted');
    expect(model.data['text/plain']).toBe('kept');
    expect(store.listeners.size).toBe(0);
  });

  test('goes on looking alive where the store knows that another kernel goes on with it, until that has ended', async () => {
    let card: object | 'running' = 'running';
    const store = storeOf(() => card);
    const { text } = shown(
      linkOf(false, () => null),
      RUNNING,
      store,
    );
    await vi.advanceTimersByTimeAsync(6000);
    expect(text()).toContain('● running');
    card = ENDED;
    store.tell();
    await vi.advanceTimersByTimeAsync(10);
    expect(text()).toBe('■ interrupted');
  });

  test('is asked of the store only while no kernel answers', async () => {
    const store = storeOf(() => 'running');
    const link = linkOf(true, () => RUNNING);
    const { text, renderer } = shown(link, RUNNING, store);
    await vi.advanceTimersByTimeAsync(1000);
    expect(store.cardOf).not.toHaveBeenCalled();
    link.isOpen.value = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(store.cardOf).toHaveBeenCalledTimes(1);
    expect(text()).toContain('● running');
    link.isOpen.value = true;
    expect(store.listeners.size).toBe(0);
    link.isOpen.value = false;
    renderer.dispose();
    expect(store.listeners.size).toBe(0);
  });

  test('of which neither kernel nor store knows is only as last seen, and no news is listened for', async () => {
    const store = storeOf(() => 'unknown');
    const { text } = shown(
      linkOf(false, () => null),
      RUNNING,
      store,
    );
    await vi.advanceTimersByTimeAsync(6000);
    expect(text()).toContain('last seen running');
    expect(store.listeners.size).toBe(0);
  });

  test('whose end is not kept yet is listened for', async () => {
    const store = storeOf(() => null);
    shown(null, RUNNING, store);
    await vi.advanceTimersByTimeAsync(6000);
    expect(store.listeners.size).toBe(1);
  });

  test('is not asked of the store while it cannot be seen', async () => {
    const store = storeOf(() => 'running');
    shown(null, RUNNING, store);
    await vi.advanceTimersByTimeAsync(1000);
    expect(store.listeners.size).toBe(1);
    see(false);
    expect(store.listeners.size).toBe(0);
    see(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(store.listeners.size).toBe(1);
    expect(store.cardOf).toHaveBeenCalledTimes(2);
  });

  test('is not asked of the kernel while it cannot be seen', async () => {
    const link = linkOf(true, () => RUNNING);
    shown(link);
    see(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(link.request).not.toHaveBeenCalled();
    see(true);
    await vi.advanceTimersByTimeAsync(6000);
    expect(link.request).toHaveBeenCalledTimes(1);
  });
});
