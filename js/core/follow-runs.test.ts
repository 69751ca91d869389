import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { examplePage, exampleTable } from './example-runs';
import { stubSight } from './fake-sight';
import { FakeSource } from './fake-source';
import { followRuns } from './follow-runs';
import { Observable } from './observable';
import type { Undo } from './undo';

const ended = {
  ...exampleTable,
  columns: exampleTable.columns.map((column) =>
    column.key === 'run:status' ? { ...column, values: ['finished', 'finished', 'finished', 'failed'] } : column,
  ),
};
const undos: Undo[] = [];
let see: (isIntersecting: boolean) => void;

function follow(source: FakeSource) {
  const page = examplePage(source);
  page.table.value = source.answers.table;
  const { dispose } = followRuns(document.createElement('div'), page, new Observable<string | null>(null));
  undos.push(dispose);
  return page;
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('a page that follows its runs', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    see = stubSight();
  });
  afterEach(() => {
    for (const undo of undos.splice(0)) {
      undo();
    }
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  test('asks once, and not again while nothing goes on', async () => {
    const source = new FakeSource({ table: ended });
    follow(source);
    see(true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(source.asked).toEqual([{ ask: 'runs', include_hidden: false, include_older: false }]);
  });

  test.each([
    [0, 2000],
    [250, 10_000],
    [9000, 60_000],
  ])('asks again while a run goes on, and where an answer takes %d ms, after %d ms', async (took, pause) => {
    const source = new FakeSource({ table: exampleTable });
    const answer = source.ask.bind(source);
    source.ask = async (question) => {
      const answered = answer(question);
      await new Promise((resolve) => setTimeout(resolve, took));
      return answered;
    };
    follow(source);
    see(true);
    await vi.advanceTimersByTimeAsync(took + pause - 1);
    expect(source.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(source.asked).toHaveLength(2);
  });

  test('asks again until what could not be told is told, and then everything anew that failed beside it', async () => {
    let isAway = true;
    const source = new FakeSource({
      table: ended,
      answer: () => (isAway ? { answer: 'failure', message: 'The server does not answer.' } : undefined),
    });
    const page = follow(source);
    see(true);
    await settle();
    page.marks.problem.value = 'The star was not kept.';
    let draws = 0;
    page.table.subscribe(() => draws++);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([source.asked.length, draws]).toEqual([3, 0]);
    isAway = false;
    source.answers.table = { ...ended };
    await vi.advanceTimersByTimeAsync(5000);
    expect([draws, page.marks.problem.value]).toEqual([1, null]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([source.asked.length, draws]).toEqual([4, 1]);
  });

  test('asks again where a busy store told of earlier', async () => {
    const source = new FakeSource({ table: { ...ended, age: 12 } });
    const page = follow(source);
    see(true);
    await settle();
    source.answers.table = ended;
    await vi.advanceTimersByTimeAsync(5000);
    expect(page.table.value.age).toBe(undefined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(source.asked.length).toBe(2);
  });

  test('shows a run that began as soon as the source tells of it', async () => {
    const source = new FakeSource({ table: ended });
    const page = follow(source);
    see(true);
    await settle();
    source.answers.table = { ...ended, total: 5 };
    source.tellNews();
    await settle();
    expect(page.table.value.total).toBe(5);
  });

  test('asks once more for news that comes while it asks', async () => {
    const source = new FakeSource({ table: ended });
    follow(source);
    see(true);
    for (const _ of [1, 2, 3]) {
      source.tellNews();
    }
    await settle();
    expect(source.asked.length).toBe(2);
  });

  test('out of sight listens to no news, and asks when it is back', async () => {
    const source = new FakeSource({ table: ended });
    let listeners = 0;
    source.onNews = () => {
      listeners++;
      return () => listeners--;
    };
    follow(source);
    see(true);
    await settle();
    expect(listeners).toBe(1);
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(listeners).toBe(0);
    expect(source.asked.length).toBe(1);
    vi.restoreAllMocks();
    see(true);
    await settle();
    expect(source.asked.length).toBe(2);
  });

  test('asks for hidden runs when the user wants them, and only then', async () => {
    const source = new FakeSource({ table: ended });
    const page = follow(source);
    await settle();
    page.state.value = { ...page.state.value, smoothing: 0.5 };
    page.state.value = { ...page.state.value, include_hidden: true };
    await settle();
    expect(source.asked).toEqual([
      { ask: 'runs', include_hidden: false, include_older: false },
      { ask: 'runs', include_hidden: true, include_older: false },
    ]);
  });

  test('hears nothing any more once it is gone', async () => {
    const source = new FakeSource({ table: ended });
    follow(source);
    await settle();
    undos.splice(0).forEach((undo) => {
      undo();
    });
    source.tellNews();
    await settle();
    expect(source.asked.length).toBe(1);
  });
});
