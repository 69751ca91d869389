import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { exampleRecord, exampleTable } from '../core/example-runs';
import { wireLine } from '../core/history/line-fixtures';
import type { Question } from '../core/wire';
import { CommSource } from './comm-source';

type Kernel = (question: Question) => Promise<unknown>;

const deaf = () => () => undefined;

/** A source whose kernel answers as told; like anywidget's, an invocation ends when its signal does. */
function sourceOf(kernel: Kernel, listen: ConstructorParameters<typeof CommSource>[1] = deaf): CommSource {
  const invoke = async (_: string, question: Question, options: { signal: AbortSignal }) => {
    const ended = new Promise((_, reject) => {
      options.signal.addEventListener('abort', () => reject(options.signal.reason));
    });
    return [await Promise.race([kernel(question), ended]), []];
  };
  return new CommSource(invoke as never, listen, exampleRecord(), new AbortController().signal);
}

const line = wireLine('a', [0, 1], [2, 3]);
const history = { answer: 'history', metric: 'new', x: 'step' };
const never = () => new Promise(() => undefined);

describe('a source behind a comm', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => void vi.useRealTimers());

  test('answers what the kernel answers', async () => {
    const source = sourceOf(async () => ({ ...exampleTable, total: 9 }));
    expect((await source.ask({ ask: 'runs' })).total).toBe(9);
    expect(source.live).toBe(true);
  });

  test('hears that runs changed, and nothing in other messages', () => {
    const readers = new Set<(message: unknown) => void>();
    const source = sourceOf(never, (read) => {
      readers.add(read);
      return () => readers.delete(read);
    });
    const told = vi.fn();
    const undo = source.onNews(told);
    for (const message of [{ op: 'runs-changed' }, { kind: 'anywidget-command-response' }, null]) {
      for (const read of readers) {
        read(message);
      }
    }
    expect(told).toHaveBeenCalledTimes(1);
    undo();
    expect(readers.size).toBe(0);
  });

  test('a mark that no kernel keeps is refused, not shown as kept', async () => {
    const source = sourceOf(() => Promise.reject(new Error('comm closed')));
    const answer = source.ask({ ask: 'mark', run_ids: ['a'], mark: 'starred', value: 'yes' });
    const outcome = expect(answer).rejects.toThrow('Only a kernel can keep what is said of runs');
    await vi.advanceTimersByTimeAsync(2500);
    await outcome;
  });

  test('rejects with why a question got no answer', async () => {
    const source = sourceOf(async () => ({ answer: 'failure', message: 'The store is busy.' }));
    await expect(source.ask({ ask: 'runs' })).rejects.toThrow('The store is busy.');
    expect(source.live).toBe(true);
  });

  test('asks again when the first question waits behind a running cell', async () => {
    const kernel = vi.fn<Kernel>().mockImplementationOnce(never).mockResolvedValue(exampleTable);
    const answer = sourceOf(kernel).ask({ ask: 'runs' });
    await vi.advanceTimersByTimeAsync(1100);
    expect(await answer).toBe(exampleTable);
    expect(kernel).toHaveBeenCalledTimes(2);
  });

  test('shows what was saved when the kernel is gone, and says so', async () => {
    const source = sourceOf(() => Promise.reject(new Error('comm closed')));
    const answer = source.ask({ ask: 'runs' });
    await vi.advanceTimersByTimeAsync(2500);
    expect(await answer).toEqual(exampleTable);
    expect(source.live).toBe(false);
    expect(source.notice.value).toBe('no answer from the kernel: showing what was saved');
  });

  test('is live again once a busy kernel answers', async () => {
    let free: (table: unknown) => void = () => undefined;
    const busy = new Promise((resolve) => {
      free = resolve;
    });
    const source = sourceOf(() => busy);
    const answer = source.ask({ ask: 'runs' });
    await vi.advanceTimersByTimeAsync(11_000);
    await answer;
    expect(source.live).toBe(false);
    free(exampleTable);
    await vi.advanceTimersByTimeAsync(0);
    expect(source.live).toBe(true);
  });

  test('shows what the kernel told last, not what was saved before, once it is gone', async () => {
    const table = { ...exampleTable, total: 9 };
    const kernel = vi
      .fn<Kernel>()
      .mockResolvedValueOnce(table)
      .mockResolvedValueOnce({ ...history, lines: [line] });
    const source = sourceOf(kernel.mockImplementation(never));
    await source.ask({ ask: 'runs' });
    await source.ask({ ask: 'history', metric: 'new', x: 'step', run_ids: [line.run_id], pixels: 100 });
    const late = source.ask({ ask: 'filter', expression: 'loss < 1' });
    await vi.advanceTimersByTimeAsync(11_000);
    expect((await late).run_ids).toEqual(['a', 'c', 'd']); // worked out here
    expect(source.notice.value).toBe('no answer from the kernel: showing what it told last');
    expect((await source.ask({ ask: 'runs' })).total).toBe(9);
    const kept = await source.ask({ ask: 'history', metric: 'new', x: 'step', run_ids: [line.run_id], pixels: 100 });
    expect(kept.lines).toEqual([line]);
  });

  test('says so at once where the host knows that the kernel is gone, and goes on with one that is not', async () => {
    let answer: (table: unknown) => void = () => undefined;
    const kernel = vi.fn<Kernel>().mockResolvedValueOnce(exampleTable);
    kernel.mockImplementation(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const source = sourceOf(kernel);
    await source.ask({ ask: 'runs' });
    void source.lose('the kernel is gone');
    expect(source.notice.value).toBe('the kernel is gone: showing what it told last');
    answer(exampleTable);
    await vi.advanceTimersByTimeAsync(0);
    expect(source.live).toBe(true);
  });

  test('waits for its turn while the kernel answers questions that were given up', async () => {
    const readers: ((message: unknown) => void)[] = [];
    const source = sourceOf(never, (read) => {
      readers.push(read);
      return () => undefined;
    });
    void source.ask({ ask: 'filter', expression: 'loss < 1' }).catch(() => undefined);
    for (let second = 0; second < 30; second += 5) {
      await vi.advanceTimersByTimeAsync(5000);
      for (const read of readers) {
        read({ id: 'another', kind: 'anywidget-command-response' });
      }
    }
    expect(source.live).toBe(true);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(source.live).toBe(false);
  });

  test('a question that was given up says nothing about the kernel', async () => {
    const source = sourceOf(never);
    const asking = new AbortController();
    const answer = source.ask({ ask: 'runs' }, asking.signal);
    asking.abort();
    await expect(answer).rejects.toThrow();
    expect(source.live).toBe(true);
  });
});
