import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Paced } from './paced';

describe('work that is done again and again', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const taking = (took: number) => vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, took)));

  test('is done once for all who wanted it meanwhile, after a pause that is as many times as long', async () => {
    const work = taking(100);
    const paced = new Paced(work);
    paced.soon();
    await vi.advanceTimersByTimeAsync(50);
    paced.soon();
    paced.soon();
    await vi.advanceTimersByTimeAsync(50 + 1999);
    expect(work).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(work).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(work).toHaveBeenCalledTimes(2);
    paced.soon();
    await vi.advanceTimersByTimeAsync(0);
    expect(work).toHaveBeenCalledTimes(3);
  });

  test('is not done any more once nobody needs it', async () => {
    const work = taking(0);
    const paced = new Paced(work);
    paced.soon();
    paced.dispose();
    paced.soon();
    await vi.advanceTimersByTimeAsync(1000);
    expect(work).not.toHaveBeenCalled();
  });
});
