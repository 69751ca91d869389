import { describe, expect, test, vi } from 'vitest';
import { column, examplePage, exampleRecord, exampleTable } from './example-runs';
import { FakeSource } from './fake-source';
import { SavedSource } from './saved-source';
import type { Source } from './source';
import { noRunsMessage } from './table/no-runs';
import { describeHidden, tidyBar } from './tidy-bar';
import type { RunTable } from './wire';

const hiding: RunTable = { ...exampleTable, hidden: { repeats: 5, failed: 2, archived: 0, dropped: 0 } };

function barOf(source: Source, table: RunTable, include_hidden = false) {
  const page = examplePage(source, { ...exampleRecord({ include_hidden }), table });
  return { page, bar: tidyBar(page) };
}

const shownButtons = (element: HTMLElement) =>
  [...element.querySelectorAll('button')].filter((one) => !one.closest('[hidden]')).map((one) => one.textContent);
const press = (element: HTMLElement, text: string) =>
  [...element.querySelectorAll('button')].find((one) => one.textContent === text)?.click();

describe('what is hidden', () => {
  test('is counted by reason', () => {
    expect(describeHidden(hiding, false)).toBe('hidden: 5 just like a newer run, 2 failed at once');
    expect(describeHidden(exampleTable, false)).toBe('');
    expect(describeHidden({ ...exampleTable, shown_anyway: ['c', 'd'] }, true)).toBe('2 usually hidden');
  });

  test('is shown and hidden again by a button', () => {
    const { page, bar } = barOf(new FakeSource({ table: hiding }), hiding);
    press(bar.hidden, 'Show');
    expect(page.state.value.include_hidden).toBe(true);
    expect(shownButtons(bar.hidden)).toEqual(['Hide']);
    press(bar.hidden, 'Hide');
    expect(page.state.value.include_hidden).toBe(false);
  });

  test('is only told where no kernel could show it, and not at all where nothing is', () => {
    const record = { ...exampleRecord(), table: hiding };
    const { bar } = barOf(new SavedSource(record), hiding);
    expect(bar.hidden.textContent).toContain('5 just like a newer run');
    expect(shownButtons(bar.hidden)).toEqual([]);
    expect(barOf(new FakeSource({ table: exampleTable }), exampleTable).bar.hidden.hidden).toBe(true);
  });
});

describe('a table whose runs are all hidden', () => {
  const empty: RunTable = { ...hiding, run_ids: [], columns: [], total: 0 };

  test('says so and shows them when asked', () => {
    const page = examplePage(new FakeSource({ table: empty }), { ...exampleRecord(), table: empty });
    const message = noRunsMessage(page);
    expect(message.textContent).toBe('All 7 runs are hidden. Show them');
    press(message, 'Show them');
    expect(page.state.value.include_hidden).toBe(true);
  });

  test('says what to run where no kernel can show them', () => {
    const record = { ...exampleRecord(), table: empty };
    const message = noRunsMessage(examplePage(new SavedSource(record), record));
    expect(message.textContent).toBe('All 7 runs are hidden: ts.runs(include_hidden=True) shows them.');
  });

  test('is another than one of runs none of which was asked for', () => {
    const table = { ...empty, hidden: null, total: 12 };
    expect(noRunsMessage(examplePage(new FakeSource({ table }), { ...exampleRecord(), table })).textContent).toBe(
      'No run passes the condition, of 12 runs.',
    );
  });

  test('is another than one in which nothing was tracked', () => {
    const table = { ...empty, hidden: null };
    expect(noRunsMessage(examplePage(new FakeSource({ table }), { ...exampleRecord(), table })).textContent).toMatch(
      /^No runs yet: put %%track/,
    );
  });
});

describe('ticked runs', () => {
  test('can be put away, and that can be undone', async () => {
    const table = { ...exampleTable, total: 9 };
    const { page, bar } = barOf(new FakeSource({ table, answer: () => table }), exampleTable);
    expect(shownButtons(bar.actions)).toEqual([]);
    expect(bar.actions.querySelector('.trackside-done')?.textContent).toBe('Undo');
    page.selection.ticked.value = new Set(['b', 'c', 'gone']);
    expect(shownButtons(bar.actions)).toEqual(['Tag 2…', 'Star 2', 'Archive 2', 'Drop 2']);
    press(bar.actions, 'Drop 2');
    await vi.waitFor(() => expect(shownButtons(bar.actions)).toEqual(['Undo']));
    expect(bar.actions.textContent).toContain('2 runs dropped');
    expect(page.selection.ticked.value.size).toBe(0);
    press(bar.actions, 'Undo');
    await vi.waitFor(() => expect(shownButtons(bar.actions)).toEqual([]));
  });

  test('can be starred, which takes no star from those that have one, and then lose their stars', async () => {
    const starred = (...runs: string[]): RunTable => ({ ...exampleTable, starred: runs });
    const source = new FakeSource({ table: starred('b'), answer: () => starred('b', 'c') });
    const { page, bar } = barOf(source, starred('b'));
    page.selection.ticked.value = new Set(['b', 'c']);
    press(bar.actions, 'Star 2');
    await vi.waitFor(() => expect(shownButtons(bar.actions)).toContain('Unstar 2'));
    expect(source.asked.at(-1)).toMatchObject({ ask: 'mark', run_ids: ['b', 'c'], mark: 'starred', value: 'yes' });
    expect(bar.actions.textContent).toContain('2 runs starred');
    press(bar.actions, 'Undo');
    await vi.waitFor(() => expect(page.marks.said.value).toBe(null));
    expect(source.asked.slice(-2)).toMatchObject([
      { run_ids: ['b'], value: 'yes' },
      { run_ids: ['c'], value: null },
    ]);
  });

  test('can be tagged, and that can be undone while they or none are ticked', async () => {
    const { page, bar } = barOf(new FakeSource({ table: exampleTable, answer: () => exampleTable }), exampleTable);
    const told = (): string => bar.actions.querySelector('.trackside-done:not([hidden])')?.textContent ?? '';
    page.selection.ticked.value = new Set(['b', 'c']);
    press(bar.actions, 'Tag 2…');
    const [input, form] = [bar.actions.querySelector('input'), bar.actions.querySelector('form')];
    if (input && form) {
      input.value = 'stage=final';
      form.dispatchEvent(new Event('submit', { cancelable: true }));
    }
    await vi.waitFor(() => expect(told()).toBe('2 runs tagged stage=final ·Undo'));
    expect([...page.selection.ticked.value]).toEqual(['b', 'c']);
    page.selection.ticked.value = new Set(['b']);
    expect(told()).toBe('');
    page.selection.ticked.value = new Set();
    press(bar.actions, 'Undo');
    await vi.waitFor(() => expect(told()).toBe(''));
    expect(page.marks.said.value).toBeNull();
  });

  test.each(['', '  ', '=final'])('are not tagged %j: the box says what is missing', (text) => {
    const { page, bar } = barOf(new FakeSource({ table: exampleTable }), exampleTable);
    document.body.append(bar.actions);
    page.selection.ticked.value = new Set(['b']);
    press(bar.actions, 'Tag 1…');
    const [input, form] = [bar.actions.querySelector('input'), bar.actions.querySelector('form')];
    if (input && form) {
      input.value = text;
      form.dispatchEvent(new Event('submit', { cancelable: true }));
    }
    expect(input?.validationMessage).toBe('Write a tag: stage=final, or a name alone');
    expect(document.activeElement).toBe(input);
    input?.dispatchEvent(new Event('input'));
    expect([input?.validationMessage, input?.getAttribute('aria-invalid')]).toEqual(['', null]);
    bar.actions.remove();
  });

  test('lose a tag that some of them have', async () => {
    const tagged = {
      ...exampleTable,
      columns: [...exampleTable.columns, column('run:tag:old', 'text', [null, '', 'x', ''])],
    };
    const source = new FakeSource({ table: tagged, answer: () => exampleTable });
    const { page, bar } = barOf(source, tagged);
    page.selection.ticked.value = new Set(['a', 'b', 'c']);
    press(bar.actions, 'Tag 3…');
    bar.actions.querySelector<HTMLElement>('[aria-label="Take old from 2 runs"]')?.click();
    await vi.waitFor(() => expect(page.marks.said.value?.words).toBe('3 runs lost the tag old'));
    expect(source.asked).toMatchObject([{ ask: 'mark', run_ids: ['a', 'b', 'c'], mark: 'tag:old', value: null }]);
  });

  test('that were put away before can be brought back', () => {
    const table = { ...exampleTable, shown_anyway: ['c'] };
    const { page, bar } = barOf(new FakeSource({ table }), table, true);
    page.selection.ticked.value = new Set(['b', 'c']);
    expect(shownButtons(bar.actions)).toEqual(['Tag 2…', 'Star 2', 'Keep 2', 'Archive 2', 'Drop 2']);
  });

  test('stay ticked where that was refused, with the reason', async () => {
    const answer = () => ({ answer: 'failure', message: 'The baseline is among these runs.' }) as const;
    const { page, bar } = barOf(new FakeSource({ table: exampleTable, answer }), exampleTable);
    page.selection.ticked.value = new Set(['b']);
    press(bar.actions, 'Drop 1');
    await vi.waitFor(() => expect(bar.problem.textContent).toBe('The baseline is among these runs.'));
    expect(page.selection.ticked.value.size).toBe(1);
  });

  test('cannot be put away without a kernel', () => {
    const { page, bar } = barOf(new SavedSource(exampleRecord()), exampleTable);
    page.selection.ticked.value = new Set(['b']);
    expect(shownButtons(bar.actions)).toEqual([]);
  });
});
