import { describe, expect, it, test, vi } from 'vitest';
import { exampleImportance, examplePage, exampleRecord, exampleTable } from '../example-runs';
import { FakeSource } from '../fake-source';
import { mountPage } from '../page';
import { makeRecord } from '../record';
import { SavedSource } from '../saved-source';
import type { Importance, ViewState } from '../wire';
import { ImportanceLoader } from './importance-loader';
import { axisToggled, colouredBy } from './importance-view';
import { importanceQuestion } from './question';
import { barLength, describeForest, describeParam, importanceMessage, longestBar } from './words';

const loaded = (importance: Importance | null, problem: string | null = null) => ({
  importance,
  isLoading: false,
  problem,
});

describe('what is said instead of bars', () => {
  it('is how many runs there are, and how many are needed', () => {
    const few = { ...exampleImportance, runs: 4, needed: 10, params: [] };
    expect(importanceMessage('loss', loaded(few))).toBe(
      'Too few runs to tell: 4 runs have ended with loss, 10 are needed.',
    );
  });

  it('is why, where no param differs or nobody answers', () => {
    const same = { ...exampleImportance, params: [], notes: ['No param differs.'] };
    expect(importanceMessage('loss', loaded(same))).toBe('No param differs.');
    expect(importanceMessage('loss', loaded(null, 'run the cell again'))).toBe('run the cell again');
    expect(importanceMessage(null, loaded(null))).toContain('ts.log');
    expect(importanceMessage('loss', loaded(exampleImportance))).toBeNull();
  });
});

describe('the words beside the bars', () => {
  it('tell the direction, and that of texts there is none', () => {
    const [depth, kind] = exampleImportance.params;
    expect(depth && describeParam(depth, 'accuracy')).toBe(
      'depth, importance 0.60 ± 0.10: accuracy falls with it, Spearman −0.80 (12 runs)',
    );
    expect(kind && describeParam(kind, 'accuracy')).toContain('no direction');
  });

  it('warn of a forest that knows nothing', () => {
    expect(describeForest(exampleImportance)).toContain('explains 70 %');
    expect(describeForest({ ...exampleImportance, explained: -0.3 })).toContain('cannot tell');
    expect(describeForest({ ...exampleImportance, pending: true })).toContain('being grown');
  });

  it('are beside bars that noise does not fill', () => {
    const [noise] = exampleImportance.params.map((param) => ({ ...param, importance: 0.01, std: 0.01 }));
    expect(longestBar(noise ? [noise] : [])).toBe(0.1);
    expect(barLength(-0.2, 1)).toBe(0);
  });
});

describe('the question', () => {
  it('is of the main metric and all runs until the user chooses', () => {
    const page = examplePage(new FakeSource({ table: exampleTable }));
    expect(importanceQuestion(page)).toMatchObject({ metric: 'accuracy', run_ids: null });
    page.state.value = { ...page.state.value, importance_of: 'loss' };
    page.selection.setFilter('filter', new Set(['b', 'd']));
    expect(importanceQuestion(page)).toMatchObject({ metric: 'loss', run_ids: ['b', 'd'] });
  });

  it('is asked again while the answer is pending', async () => {
    vi.useFakeTimers();
    const answers = [{ ...exampleImportance, pending: true }, exampleImportance];
    const source = new FakeSource({ table: exampleTable, answer: () => answers.shift() });
    const loader = new ImportanceLoader(source);
    loader.ask({ ask: 'importance', metric: 'accuracy' });
    await vi.advanceTimersByTimeAsync(2000);
    expect(source.asked).toHaveLength(2);
    expect(loader.loaded.value).toEqual({ importance: exampleImportance, isLoading: false, problem: null });
    loader.dispose();
    vi.useRealTimers();
  });
});

describe('a click on a param', () => {
  const page = (state: Partial<ViewState>) =>
    examplePage(new FakeSource({ table: exampleTable }), exampleRecord(state));

  it('colours what is shown by it; where nothing is, the scatter shows it', () => {
    expect(colouredBy(page({ panels: ['parallel'] }), 'param:C')).toEqual({ colour_by: 'param:C' });
    expect(colouredBy(page({ panels: ['importance'] }), 'param:C')).toMatchObject({
      panels: ['importance', 'scatter'],
      scatter: { x: { key: 'param:C' }, y: { key: 'metric:accuracy' } },
    });
  });

  it('makes it an axis before the last one, or takes the axis away', () => {
    const axes = [{ key: 'param:depth' }, { key: 'metric:loss' }];
    const keys = (key: string) => axisToggled(page({ axes }), key).axes?.map((axis) => axis.key);
    expect(keys('param:C')).toEqual(['param:depth', 'param:C', 'metric:loss']);
    expect(keys('param:depth')).toEqual(['metric:loss']);
  });
});

test('a saved notebook shows its bars, and says what it did not save', async () => {
  const record = { ...exampleRecord({ panels: ['importance'] }), importances: [exampleImportance] };
  const element = document.createElement('div');
  const { page, dispose } = mountPage(element, record, new SavedSource(record));
  await vi.waitFor(() => expect(element.querySelectorAll('.trackside-importance tbody tr')).toHaveLength(2));
  element.querySelector<HTMLElement>('button[name="param:depth"]')?.click();
  expect(page.state.value.colour_by).toBe('param:depth');
  page.state.value = { ...page.state.value, importance_of: 'loss' };
  await vi.waitFor(() => expect(element.textContent).toContain('did not save which params are important to "loss"'));
  dispose();
});

test('a record keeps the bars that were shown', async () => {
  const record = exampleRecord({ panels: ['importance'] });
  const source = new FakeSource({ table: exampleTable, answer: () => exampleImportance });
  expect((await makeRecord(examplePage(source, record), record)).importances).toEqual([exampleImportance]);
  const busy = new FakeSource({ table: exampleTable });
  const before = { ...record, importances: [exampleImportance] };
  expect((await makeRecord(examplePage(busy, record), before)).importances).toEqual([exampleImportance]);
});
