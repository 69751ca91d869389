import { describe, expect, type Mock, test, vi } from 'vitest';
import { exampleHistory, examplePage, exampleRecord, exampleTable } from './example-runs';
import { FakeSource } from './fake-source';
import { isSameRecord, keptRuns, makeRecord, offerRecords, RECORD_EVENT, type RecordOffer, savedRuns } from './record';
import { SavedSource } from './saved-source';
import type { Page } from './view';
import type { Column, RunTable, ViewState } from './wire';

const withHistory = exampleRecord({ panels: ['history'], metric: 'loss' });

/** A page whose first offer is over, and what counts the later ones. Fake timers run from here on. */
async function settledPage(): Promise<{ page: Page; offered: Mock; stop: () => void }> {
  vi.useFakeTimers();
  const element = document.createElement('div');
  const page = examplePage(new SavedSource(exampleRecord()));
  const stop = offerRecords(element, page, exampleRecord());
  await vi.advanceTimersByTimeAsync(1000);
  const offered = vi.fn();
  element.addEventListener(RECORD_EVENT, offered);
  return { page, offered, stop };
}

describe('the record of a page', () => {
  test('holds the state, the runs and what the filter let pass', async () => {
    const page = examplePage(new SavedSource(exampleRecord()), exampleRecord({ filter: 'forest', pinned: 'b' }));
    page.selection.setFilter('filter', new Set(['b', 'c']));
    const record = await makeRecord(page, exampleRecord());
    expect(record.state.pinned).toBe('b');
    expect(record.table).toEqual(exampleTable);
    expect(record.passing).toEqual(['b', 'c']);
  });

  test('asks a live source for the shown metric, in few columns', async () => {
    const source = new FakeSource({ table: exampleTable, answer: () => exampleHistory('loss', ['a']) });
    const record = await makeRecord(examplePage(source, withHistory), withHistory);
    expect(source.asked).toEqual([
      { ask: 'history', run_ids: ['a', 'b', 'c', 'd'], metric: 'loss', x: 'step', pixels: 200, log_x: false },
    ]);
    expect(record.histories.map((history) => history.metric)).toEqual(['loss']);
  });

  test('asks for columns of a log axis where the view has one', async () => {
    const source = new FakeSource({ table: exampleTable, answer: () => exampleHistory('loss', ['a']) });
    const first = exampleRecord({ panels: ['history'], metric: 'loss', log_x: true });
    await makeRecord(examplePage(source, first), first);
    expect(source.asked).toMatchObject([{ ask: 'history', log_x: true }]);
  });

  test('shares its columns among the shown metrics, and so among fewer runs', async () => {
    const runs = Array.from({ length: 60 }, (_, at) => `run${at}`);
    const metrics = Array.from({ length: 8 }, (_, at) => `m${at}`);
    const table = { ...exampleTable, run_ids: runs, columns: [], metrics };
    const answer = () => exampleHistory('m', runs);
    const source = new FakeSource({ table, answer });
    const first = { ...exampleRecord({ panels: ['history'], metrics }), table };
    expect((await makeRecord(examplePage(source, first), first)).histories).toHaveLength(6);
    const asked = source.asked.map((question) => (question.ask === 'history' ? question : expect.fail()));
    expect(asked.map(({ metric }) => metric)).toEqual(metrics.slice(0, 6));
    expect([asked[0]?.run_ids.length, asked[0]?.pixels]).toEqual([13, 25]);
  });

  test('keeps the histories it had when the kernel does not answer', async () => {
    const page = examplePage(new FakeSource({ table: exampleTable }), withHistory);
    expect((await makeRecord(page, withHistory)).histories).toBe(withHistory.histories);
  });

  test('asks for nothing that stands behind another tab, and keeps what was seen of it', async () => {
    const source = new FakeSource({ table: exampleTable });
    const seen = { answer: 'importance', metric: 'loss', params: [], runs: 4, needed: 8 } as const;
    const first = { ...exampleRecord({ panels: ['importance', 'diff', 'table'], layout: 'tabs', front: 'table' }) };
    const record = await makeRecord(examplePage(source, first), { ...first, importances: [{ ...seen, params: [] }] });
    expect(source.asked).toEqual([]);
    expect(record.importances).toEqual([seen]);
    const front = { ...first, state: { ...first.state, front: 'importance' as const } };
    await makeRecord(examplePage(source, front), front);
    expect(source.asked).toMatchObject([{ ask: 'importance' }]);
    const gone = { ...first, state: { ...first.state, panels: ['table' as const] } };
    expect((await makeRecord(examplePage(source, gone), record)).importances).toEqual([]);
  });

  test('is bounded to the best run, those that somebody chose and then the newest', () => {
    const shelf = { ...exampleTable.columns[0], key: 'run:shelf', values: [null, null, 'kept', null] } as Column;
    const table = { ...exampleTable, columns: [...exampleTable.columns, shelf], main: 'metric:loss' };
    const kept = (state: Partial<ViewState>, count: number, more: Partial<RunTable> = {}) =>
      keptRuns({ ...table, ...more }, { panels: ['table'], ...state }, count).run_ids;
    expect(kept({}, 2)).toEqual(['a', 'c']);
    expect(kept({ ticked: ['d'] }, 2)).toEqual(['c', 'd']);
    expect(kept({}, 2, { starred: ['d'] })).toEqual(['c', 'd']);
    expect(kept({ pinned: 'd' }, 2, { baseline: 'b' })).toEqual(['c', 'd']);
    expect(kept({}, 1, { main: null })).toEqual(['c']);
    expect(keptRuns(table, { panels: ['table'] }, 3).saved_of).toBe(4);
    expect(keptRuns(table, { panels: ['table'] }, 2, new Set(['b', 'd'])).run_ids).toEqual(['b', 'd']);
  });

  test('holds of the runs that are left what it held of all', () => {
    const newest = keptRuns(exampleTable, { panels: ['table'] }, 2);
    expect(newest.run_ids).toEqual(['a', 'b']);
    expect(newest.columns.every((column) => column.values.length === 2)).toBe(true);
    expect(newest.total).toBe(4);
    const marked = { ...exampleTable, ordinals: [3, 2, 1, 0], repeats: [2, 1, 1, 1], starred: ['b', 'd'] };
    const { ordinals, repeats, starred } = keptRuns(marked, { panels: ['table'] }, 2);
    expect([ordinals, repeats, starred]).toEqual([[3, 2], [2, 1], ['b']]);
  });

  test('holds fewer of runs with many columns', () => {
    expect([10, 50, 100, 1000].map(savedRuns)).toEqual([200, 100, 50, 20]);
  });

  test('is the same if only its age, its widget or the order of its keys differ', () => {
    const record = exampleRecord();
    const reversed = Object.fromEntries(Object.entries(record.table).reverse()) as unknown as RunTable;
    expect(isSameRecord(record, { ...record, table: reversed })).toBe(true);
    const older = { ...record, table: { ...record.table, age: 4 }, model_id: 'm', passing: null };
    expect(isSameRecord(record, older)).toBe(true);
    expect(isSameRecord(record, { ...record, state: { ...record.state, pinned: 'a' } })).toBe(false);
  });
});

describe('offering the record', () => {
  test('happens once after the first drawing and once after changes that come together', async () => {
    vi.useFakeTimers();
    const element = document.createElement('div');
    const offers: RecordOffer[] = [];
    element.addEventListener(RECORD_EVENT, (event) => offers.push((event as CustomEvent<RecordOffer>).detail));
    const page = examplePage(new SavedSource(exampleRecord()));
    const stop = offerRecords(element, page, exampleRecord());
    await vi.advanceTimersByTimeAsync(1000);
    expect(offers.map((offer) => offer.changed)).toEqual([false]);
    page.state.value = { ...page.state.value, pinned: 'a' };
    page.state.value = { ...page.state.value, pinned: 'b' };
    await vi.advanceTimersByTimeAsync(1000);
    expect(offers.map((offer) => offer.changed)).toEqual([false, true]);
    expect((await offers[1]?.draw())?.record.state.pinned).toBe('b');
    stop();
    vi.useRealTimers();
  });

  test('waits while a brush is moved', async () => {
    const { page, offered, stop } = await settledPage();
    for (const runs of ['a', 'ab', 'abc', 'ab', 'b', 'bc', 'c', 'a']) {
      page.selection.setFilter('parallel', new Set(runs));
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(offered).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    expect(offered).toHaveBeenCalledTimes(1);
    stop();
    vi.useRealTimers();
  });

  test('does not rewrite the notebook at every step of a running run', async () => {
    const { page, offered, stop } = await settledPage();
    for (let total = 5; total < 15; total++) {
      page.table.value = { ...exampleTable, total };
      await vi.advanceTimersByTimeAsync(2000);
    }
    expect(offered).toHaveBeenCalledTimes(1);
    stop();
    vi.useRealTimers();
  });
});
