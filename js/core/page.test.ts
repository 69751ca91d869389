import { describe, expect, test, vi } from 'vitest';
import { examplePage, exampleRecord, exampleTable } from './example-runs';
import { FakeSource } from './fake-source';
import { applyFilter, filterBox } from './filter-box';
import { countRunning, isSameTable } from './follow-runs';
import { describeCount, offerOlder } from './page-bar';
import { SavedSource } from './saved-source';

const signal = new AbortController().signal;

describe('a filter', () => {
  const source = new FakeSource({
    table: exampleTable,
    answer: (question) => {
      if (question.ask !== 'filter') {
        return undefined;
      }
      return question.expression === 'accuracy >'
        ? { answer: 'failure', message: 'The condition ends after ">".' }
        : { answer: 'filter', run_ids: ['a', 'c'] };
    },
  });

  test('lets only the answered runs pass and is kept in the state', async () => {
    const page = examplePage(source);
    await applyFilter(page, 'accuracy > 0.92', signal);
    expect(exampleTable.run_ids.filter((run) => page.selection.passes(run))).toEqual(['a', 'c']);
    expect(page.state.value.filter).toBe('accuracy > 0.92');
  });

  test('taken away lets all pass without asking', async () => {
    const page = examplePage(source, exampleRecord({ filter: 'accuracy > 0.92' }));
    const asked = source.asked.length;
    await applyFilter(page, '', signal);
    expect(page.selection.filters.value.size).toBe(0);
    expect(page.state.value.filter).toBe('');
    expect(source.asked.length).toBe(asked);
  });

  test('that cannot be used leaves the filter before it in force', async () => {
    const page = examplePage(source);
    await applyFilter(page, 'accuracy > 0.92', signal);
    await expect(applyFilter(page, 'accuracy >', signal)).rejects.toThrow('The condition ends after ">".');
    expect(page.selection.passes('b')).toBe(false);
    expect(page.state.value.filter).toBe('accuracy > 0.92');
  });

  test('of plain words is found in the names, with no kernel asked', async () => {
    const page = examplePage(source);
    const asked = source.asked.length;
    await applyFilter(page, 'Forest deep', signal);
    expect(exampleTable.run_ids.filter((run) => page.selection.passes(run))).toEqual(['c']);
    expect(page.state.value.filter).toBe('Forest deep');
    expect(source.asked.length).toBe(asked);
  });

  test('that the kernel takes for no condition is words after all', async () => {
    const refusing = new FakeSource({
      table: exampleTable,
      answer: () => ({ answer: 'failure', message: 'no condition' }),
    });
    const page = examplePage(refusing);
    await applyFilter(page, 'crashed and', signal);
    expect(exampleTable.run_ids.filter((run) => page.selection.passes(run))).toEqual([]);
    await expect(applyFilter(page, 'loss <', signal)).rejects.toThrow('no condition');
  });

  test('that cannot be used says what still holds', async () => {
    const page = examplePage(source);
    const box = filterBox(page);
    const input = box.input.querySelector('input') ?? document.createElement('input');
    const enter = (text: string): void => {
      input.value = text;
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
    };
    enter('accuracy >');
    await vi.waitFor(() => expect(box.problem.textContent).toMatch(/ends after ">"\. — all runs are still shown$/));
    enter('accuracy > 0.92');
    await vi.waitFor(() => expect(box.problem.textContent).toBe(''));
    enter('accuracy >');
    await vi.waitFor(() => expect(box.problem.textContent).toMatch(/still filtered by: accuracy > 0\.92$/));
    box.dispose();
  });

  test('that was overtaken by another while it was asked changes nothing', async () => {
    const asking = new AbortController();
    const overtaken = new FakeSource({
      table: exampleTable,
      answer: () => {
        asking.abort();
        return { answer: 'filter', run_ids: ['a'] };
      },
    });
    const page = examplePage(overtaken);
    await expect(applyFilter(page, 'accuracy > 0.92', asking.signal)).rejects.toThrow();
    expect(page.selection.filters.value.size).toBe(0);
  });
});

describe('the line over the panels', () => {
  test('counts the runs that pass', () => {
    expect(describeCount(exampleTable, Uint8Array.of(1, 1, 1, 1))).toBe('4 runs');
    expect(describeCount(exampleTable, Uint8Array.of(0, 1, 0, 0))).toBe('1 of 4 runs');
  });

  test('says when only some runs are there', () => {
    const table = { ...exampleTable, total: 1200 };
    expect(describeCount(table, Uint8Array.of(1, 1, 1, 1))).toBe('4 of 1,200 runs');
    expect(describeCount(table, Uint8Array.of(0, 1, 0, 0))).toBe('1 of 4 runs (1,200 in all)');
    expect(describeCount({ ...exampleTable, saved_of: 240 }, Uint8Array.of(1, 1, 1, 1))).toBe(
      '4 of 240 runs were saved',
    );
    expect(describeCount({ ...exampleTable, saved_columns_of: 300 }, Uint8Array.of(1, 1, 1, 1))).toBe(
      '4 runs and 9 of 300 columns were saved',
    );
  });
});

describe('runs older than those a comparison is of', () => {
  const table = { ...exampleTable, total: 130, newest: 20 };
  const offer = (include_older: boolean, isLive = true, of = table) => {
    const record = { ...exampleRecord({ include_older }), table: of };
    return offerOlder(examplePage(isLive ? new FakeSource({ table: of }) : new SavedSource(record), record))?.text;
  };

  test('are shown on request, and left out again', () => {
    expect(offer(false)).toBe('Show all');
    expect(offer(true)).toBe('Newest 20');
  });

  test('are not spoken of where there are none, nobody can be asked or somebody chose the runs', () => {
    expect(offer(false, true, { ...table, total: 4 })).toBeUndefined();
    expect(offer(true, true, { ...table, total: 20 })).toBeUndefined();
    expect(offer(false, false)).toBeUndefined();
    expect(offer(false, true, exampleTable as typeof table)).toBeUndefined();
  });
});

test('a run is followed while its status says that it is running', () => {
  expect(countRunning(exampleTable)).toBe(1);
});

test('an answer without news is recognised', () => {
  expect(isSameTable(exampleTable, structuredClone(exampleTable))).toBe(true);
  expect(isSameTable(exampleTable, { ...exampleTable, total: 5 })).toBe(false);
});
