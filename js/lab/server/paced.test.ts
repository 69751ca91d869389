import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { paced } from './paced';

describe('a question that is asked at news', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('is asked at once, and for all that is told meanwhile once more after a pause', async () => {
    const ask = vi.fn(async () => undefined);
    const { tell } = paced(ask);
    tell();
    tell();
    tell();
    await vi.advanceTimersByTimeAsync(300);
    expect(ask).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test('waits ten times as long as the answer took', async () => {
    const ask = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 100)));
    const { tell } = paced(ask);
    tell();
    tell();
    await vi.advanceTimersByTimeAsync(1050);
    expect(ask).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test('waits two seconds at most', async () => {
    const ask = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 900)));
    const { tell } = paced(ask);
    tell();
    tell();
    await vi.advanceTimersByTimeAsync(2950);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  test('is asked without a pause where somebody waits for it, though never twice at once', async () => {
    const ask = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 100)));
    const { tell, now } = paced(ask);
    tell();
    now();
    expect(ask).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(150);
    expect(ask).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(150);
    tell();
    expect(ask).toHaveBeenCalledTimes(2);
    now();
    expect(ask).toHaveBeenCalledTimes(3);
  });

  test('is asked again after one that failed, and not once it is over', async () => {
    const ask = vi.fn(async () => {
      throw new Error('away');
    });
    const { tell, dispose } = paced(ask);
    tell();
    await vi.advanceTimersByTimeAsync(500);
    tell();
    expect(ask).toHaveBeenCalledTimes(2);
    tell();
    dispose();
    await vi.advanceTimersByTimeAsync(20_000);
    tell();
    expect(ask).toHaveBeenCalledTimes(2);
  });
});
