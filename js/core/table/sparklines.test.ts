import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { column, exampleHistory, exampleTable } from '../example-runs';
import { FakeSource } from '../fake-source';
import { sparkPath } from './sparkline';
import { isSpark, Sparklines, showsSparklines, sparkMetric, withSparkline } from './sparklines';

describe('a sparkline', () => {
  test('goes from its lowest to its highest point', () => {
    expect(sparkPath([0, 1, 2], [1, 3, 2])).toBe('M2.0 16.0L42.0 2.0L82.0 9.0');
  });

  test('has a gap where a point is not finite, and no line of one point', () => {
    expect(sparkPath([0, 1, 2, 3], [1, Number.NaN, 2, 1])).toBe('M2.0 16.0M55.3 2.0L82.0 16.0');
    expect(sparkPath([0], [1])).toBe('');
  });

  test('that never changes is level', () => {
    expect(sparkPath([0, 1], [5, 5])).toBe('M2.0 9.0L82.0 9.0');
  });
});

describe('the column of sparklines', () => {
  test('is of the main metric where that has a history, and stands before it', () => {
    expect(sparkMetric(exampleTable)).toBe('accuracy');
    expect(sparkMetric({ ...exampleTable, main: 'metric:width' })).toBe('accuracy');
    expect(sparkMetric({ ...exampleTable, metrics: [] })).toBeNull();
    expect(sparkMetric({ ...exampleTable, metrics: ['system/cpu'] })).toBeNull();
    const columns = [column('run:status', 'text', []), column('metric:accuracy', 'number', [])];
    expect(withSparkline(columns, exampleTable).map(isSpark)).toEqual([false, true, false]);
  });

  test('is there where it can be had and no history is drawn, or as the user chose', () => {
    expect(showsSparklines(exampleTable, { panels: ['table'] }, true)).toBe(true);
    expect(showsSparklines(exampleTable, { panels: ['table'] }, false)).toBe(false);
    expect(showsSparklines(exampleTable, { panels: ['table', 'history'] }, true)).toBe(false);
    expect(showsSparklines(exampleTable, { panels: ['table', 'history'], sparklines: true }, false)).toBe(true);
    expect(showsSparklines({ ...exampleTable, metrics: [] }, { panels: [], sparklines: true }, true)).toBe(false);
  });
});

describe('lines', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const answering = (): FakeSource =>
    new FakeSource({
      table: exampleTable,
      answer: (question) =>
        question.ask === 'history'
          ? exampleHistory(
              question.metric,
              question.run_ids.filter((run) => run !== 'd'),
            )
          : undefined,
    });

  test('are asked for once the rows stay, all in one question', async () => {
    const source = answering();
    const sparks = new Sparklines(source);
    sparks.want(['a', 'b'], 'accuracy');
    await vi.advanceTimersByTimeAsync(100);
    sparks.want(['c', 'd'], 'accuracy');
    await vi.advanceTimersByTimeAsync(1000);
    expect(source.asked).toEqual([{ ask: 'history', run_ids: ['c', 'd'], metric: 'accuracy', x: 'step', pixels: 40 }]);
    expect(sparks.path('c')).toMatch(/^M2\.0 2\.0L/);
    expect(sparks.path('d')).toBeNull();
  });

  test('are asked for again only while a run goes on, or for another metric', async () => {
    const source = answering();
    const sparks = new Sparklines(source);
    const want = async (metric: string): Promise<void> => {
      sparks.want(['a', 'b', 'd'], metric);
      await vi.advanceTimersByTimeAsync(1000);
    };
    await want('accuracy');
    await want('accuracy');
    expect(source.asked.length).toBe(1);
    sparks.follow(exampleTable);
    expect(sparks.path('a')).not.toBeNull();
    await want('accuracy');
    expect(source.asked.at(-1)).toMatchObject({ run_ids: ['a'] });
    await want('loss');
    expect(source.asked.at(-1)).toMatchObject({ run_ids: ['a', 'b', 'd'], metric: 'loss' });
  });

  test('that cannot be had say why', async () => {
    const refusing = new FakeSource({
      table: exampleTable,
      answer: () => ({ answer: 'failure', message: 'not saved' }),
    });
    const sparks = new Sparklines(refusing);
    sparks.want(['a'], 'accuracy');
    await vi.advanceTimersByTimeAsync(1000);
    expect(sparks.answered.value.problem).toBe('not saved');
  });
});
