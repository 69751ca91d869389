import { describe, expect, test } from 'vitest';
import { examplePage, exampleRecord, exampleTable } from './example-runs';
import { keepPinned } from './pinned';
import { SavedSource } from './saved-source';
import type { ViewState } from './wire';

function pinningPage(state: Partial<ViewState> = {}, baseline: string | null = 'b') {
  const record = { ...exampleRecord(state), table: { ...exampleTable, baseline } };
  const page = examplePage(new SavedSource(record), record);
  keepPinned(page);
  return page;
}

describe('the run that others are held against', () => {
  test('is the baseline until the user pins another', () => {
    const page = pinningPage();
    expect(page.selection.pinned.value).toBe('b');
    page.selection.pinned.value = 'c';
    expect(page.state.value.pinned).toBe('c');
    expect(pinningPage({ pinned: 'c' }).selection.pinned.value).toBe('c');
  });

  test('follows the baseline to another run, without a word in what is saved', () => {
    const page = pinningPage();
    page.table.value = { ...page.table.value, baseline: 'd' };
    expect(page.selection.pinned.value).toBe('d');
    expect(page.state.value.pinned ?? null).toBeNull();
  });

  test('is none once the user unpins the baseline, and stays so', () => {
    const page = pinningPage();
    page.selection.pinned.value = null;
    page.table.value = { ...page.table.value };
    expect(page.selection.pinned.value).toBeNull();
    expect(pinningPage({ pinned: page.state.value.pinned ?? null }).selection.pinned.value).toBeNull();
  });

  test('is none where there is no baseline', () => {
    expect(pinningPage({}, null).selection.pinned.value).toBeNull();
  });
});
