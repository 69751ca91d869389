import { describe, expect, test } from 'vitest';
import { column, examplePage, exampleRecord, exampleTable } from './example-runs';
import { SavedSource } from './saved-source';
import { snapshotHtml } from './snapshot';
import type { Comparability, RunTable, ViewState } from './wire';

async function tableOf(
  table: RunTable,
  state: Partial<ViewState> = {},
  comparability: Comparability | null = null,
): Promise<HTMLElement> {
  const record = { ...exampleRecord(state), table, comparability };
  const element = document.createElement('div');
  element.innerHTML = await snapshotHtml(element, examplePage(new SavedSource(record), record));
  return element;
}

const names = (element: HTMLElement) =>
  [...element.querySelectorAll('tbody tr')].map((row) => row.firstElementChild?.textContent);

describe('the static table', () => {
  test('has stars, repeats and the baseline beside the names', async () => {
    const drawn = await tableOf({ ...exampleTable, starred: ['b'], repeats: [3, 1, 1, 1], baseline: 'c' });
    expect(names(drawn)).toEqual(['svm ×3', '★ forest', 'forest deep baseline', 'crashed']);
  });

  test("tells beside a metric how it stands to the baseline's", async () => {
    const drawn = await tableOf({ ...exampleTable, baseline: 'c' });
    const told = (run: string) => drawn.querySelector(`tbody tr:nth-child(${run})`)?.querySelectorAll('small');
    expect([...(told('1') ?? [])].map(({ textContent }) => textContent)).toEqual(['+0.02', '+0.1', '+1']);
    expect(told('3')).toHaveLength(0);
  });

  test('says over the runs which are not comparable, and why, and beside each of their differences', async () => {
    const runs = [{ cause: 'other data', run_ids: ['a'] }];
    const comparability = { answer: 'comparability', metric: 'accuracy', reference: 'c', runs } as const;
    const drawn = await tableOf({ ...exampleTable, baseline: 'c' }, {}, comparability);
    expect(drawn.querySelector('p')?.textContent).toBe(
      '≠ 1 of 4 runs is not comparable with the baseline by accuracy: other data',
    );
    expect(drawn.querySelector('tbody tr')?.querySelector('small')?.textContent).toBe('≠ +0.02');
    expect(drawn.querySelector('tbody tr:nth-child(2) small')?.textContent).toBe('−0.04');
  });

  test('says what is hidden, and mutes what is shown anyway', async () => {
    const drawn = await tableOf({ ...exampleTable, hidden: { repeats: 5 }, shown_anyway: ['d'] });
    expect(drawn.textContent).toContain('hidden: 5 just like a newer run');
    const muted = [...drawn.querySelectorAll('tbody tr')].map((row) => row.hasAttribute('style'));
    expect(muted).toEqual([false, false, false, true]);
  });

  test('of many runs is short, and so is each of its cells', async () => {
    const runs = Array.from({ length: 200 }, (_, n) => `run${n}`);
    const columns = Array.from({ length: 30 }, (_, n) =>
      column(
        `param:p${n}`,
        'text',
        runs.map((run) => run.repeat(30)),
      ),
    );
    const drawn = await tableOf({ ...exampleTable, run_ids: runs, total: 200, columns });
    expect(drawn.querySelectorAll('tbody tr')).toHaveLength(30);
    expect(drawn.innerHTML.length).toBeLessThan(30_000);
    expect(drawn.textContent).toContain('and 170 more runs');
  });

  test('tells the runs that are filtered out from those for which there is no room', async () => {
    const page = examplePage(new SavedSource(exampleRecord({})), exampleRecord({}));
    page.selection.filters.value = new Map([['filter', new Set('abc')]]);
    const drawn = await snapshotHtml(document.createElement('div'), page);
    expect(drawn).toContain('1 run filtered out');
    expect(drawn).not.toContain('more run');
  });

  test('says that no run passes the filter', async () => {
    const page = examplePage(new SavedSource(exampleRecord({})), exampleRecord({}));
    page.selection.filters.value = new Map([['filter', new Set<string>()]]);
    expect(await snapshotHtml(document.createElement('div'), page)).toContain('<p>No run passes the filter.</p>');
  });

  test('has the groups and formats that were chosen', async () => {
    const state = {
      group_by: 'metric:width',
      columns: ['metric:accuracy'],
      formats: { 'metric:accuracy': 'percent' },
    } as const;
    const drawn = await tableOf(exampleTable, { ...state, columns: [...state.columns] });
    const cells = [...drawn.querySelectorAll('tbody tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    );
    expect(cells).toEqual([
      ['width 3', '1', '97%'],
      ['width 2', '2', '93% ± 2.8%'],
      ['width 1', '1', '–'],
    ]);
  });

  test('says nothing of it where nothing is', async () => {
    expect((await tableOf(exampleTable)).textContent).not.toContain('hidden');
  });
});
