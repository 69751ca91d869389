import { describe, expect, it } from 'vitest';
import type { AnswerTo, Source } from '../source';
import type { History, Question } from '../wire';
import { HistoryLoader, type Wanted } from './history-loader';
import { history, wireLine } from './line-fixtures';

interface Asked {
  question: Question;
  signal: AbortSignal | undefined;
  answer(history: History): void;
  refuse(error: Error): void;
}

/** Holds every question until the test answers it. */
class PatientSource implements Source {
  readonly asked: Asked[] = [];
  readonly live: boolean;

  constructor(live = true) {
    this.live = live;
  }

  ask<Q extends Question>(question: Q, signal?: AbortSignal): Promise<AnswerTo<Q>> {
    return new Promise((resolve, reject) => {
      const answer = (given: History): void => resolve(given as AnswerTo<Q>);
      this.asked.push({ question, signal, answer, refuse: reject });
    });
  }
}

const WANTED: Wanted = { run_ids: ['a'], metric: 'loss', x: 'step', pixels: 400, range: null };
const OVERVIEW = history(wireLine('a', [0, 9], [1, 2]));
const DETAIL = history(wireLine('a', [3, 4], [1, 2]));

async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

async function withOverview(source: PatientSource): Promise<HistoryLoader> {
  const loader = new HistoryLoader(source);
  loader.ask(WANTED);
  source.asked[0]?.answer(OVERVIEW);
  await settled();
  return loader;
}

describe('the history loader', () => {
  it('asks and shows the answer', async () => {
    const source = new PatientSource();
    const loader = await withOverview(source);
    expect(source.asked[0]?.question).toEqual({ ask: 'history', ...WANTED });
    expect(loader.history.value).toBe(OVERVIEW);
    expect(loader.status.value).toEqual({ kind: 'ready' });
  });

  it('keeps the old picture until finer data are there', async () => {
    const source = new PatientSource();
    const loader = await withOverview(source);
    loader.ask({ ...WANTED, range: [3, 4] });
    expect(loader.history.value).toBe(OVERVIEW);
    expect(loader.status.value).toEqual({ kind: 'loading' });
    source.asked[1]?.answer(DETAIL);
    await settled();
    expect(loader.history.value).toBe(DETAIL);
  });

  it('shows the overview at once when the zoom is left', async () => {
    const source = new PatientSource();
    const loader = await withOverview(source);
    loader.ask({ ...WANTED, range: [3, 4] });
    source.asked[1]?.answer(DETAIL);
    await settled();
    loader.ask(WANTED);
    expect(loader.history.value).toBe(OVERVIEW);
  });

  it('aborts what is outdated and does not draw it if it comes all the same', async () => {
    const source = new PatientSource();
    const loader = new HistoryLoader(source);
    loader.ask(WANTED);
    loader.ask({ ...WANTED, metric: 'accuracy' });
    expect(source.asked[0]?.signal?.aborted).toBe(true);
    source.asked[0]?.answer(OVERVIEW);
    await settled();
    expect(loader.history.value).toBeNull();
  });

  it('says why there is no answer and keeps the picture', async () => {
    const source = new PatientSource();
    const loader = await withOverview(source);
    loader.outdate(null);
    loader.ask(WANTED);
    source.asked[1]?.refuse(new Error('The store is busy.'));
    await settled();
    expect(loader.status.value).toEqual({ kind: 'failed', message: 'The store is busy.' });
    expect(loader.history.value).toBe(OVERVIEW);
  });

  it('asks for nothing that it knows', async () => {
    const source = new PatientSource();
    const loader = await withOverview(source);
    loader.ask(WANTED);
    expect(source.asked).toHaveLength(1);
    expect(loader.status.value).toEqual({ kind: 'ready' });
  });

  it('asks only for the runs that went on or are new, and leaves the lines of the others as they are', async () => {
    const source = new PatientSource();
    const loader = new HistoryLoader(source);
    const [a, b] = [wireLine('a', [0], [1]), wireLine('b', [0], [1])];
    loader.ask({ ...WANTED, run_ids: ['b', 'a'] });
    source.asked[0]?.answer(history(b, a));
    await settled();
    loader.outdate(['a']);
    loader.ask({ ...WANTED, run_ids: ['c', 'b', 'a'] });
    expect(source.asked[1]?.question).toMatchObject({ run_ids: ['c', 'a'] });
    const [longer, other] = [wireLine('a', [0, 1], [1, 2]), wireLine('c', [0], [3])];
    source.asked[1]?.answer(history(other, longer));
    await settled();
    expect(loader.history.value?.lines).toEqual([other, b, longer]);
    expect(loader.history.value?.lines[1]).toBe(b);
  });

  it('asks again for a run that went on while it was asked for', async () => {
    const source = new PatientSource();
    const loader = new HistoryLoader(source);
    loader.ask(WANTED);
    loader.outdate(['a']);
    loader.ask(WANTED);
    expect(source.asked).toHaveLength(1);
    source.asked[0]?.answer(OVERVIEW);
    await settled();
    expect(source.asked[1]?.question).toMatchObject({ run_ids: ['a'] });
  });

  it('does not show one metric under the name of another', async () => {
    const loader = await withOverview(new PatientSource());
    loader.ask({ ...WANTED, metric: 'accuracy' });
    expect(loader.history.value).toBeNull();
  });

  it('asks a saved record for no finer data', async () => {
    const source = new PatientSource(false);
    const loader = await withOverview(source);
    loader.ask({ ...WANTED, range: [3, 4] });
    expect(source.asked).toHaveLength(1);
    expect(loader.history.value).toBe(OVERVIEW);
  });

  it('gives up when disposed', async () => {
    const source = new PatientSource();
    const loader = new HistoryLoader(source);
    loader.ask(WANTED);
    loader.dispose();
    source.asked[0]?.answer(OVERVIEW);
    await settled();
    expect(source.asked[0]?.signal?.aborted).toBe(true);
    expect(loader.history.value).toBeNull();
  });
});
