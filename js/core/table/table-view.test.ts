import { expect, test } from 'vitest';
import { examplePage, exampleRecord } from '../example-runs';
import { SavedSource } from '../saved-source';
import { tableView } from './table-view';

test('a table whose runs are all filtered out says so, and of other runs only beside the pinned one', () => {
  const element = document.createElement('div');
  const page = examplePage(new SavedSource(exampleRecord()));
  page.selection.setFilter('filter', new Set());
  const message = (): string | undefined => element.querySelector('.trackside-none')?.textContent ?? undefined;
  const dispose = tableView(element, page);
  expect(message()).toBe('No run passes the filters.');
  dispose();
  page.selection.pinned.value = 'a';
  const disposePinned = tableView(element, page);
  expect(message()).toBe('No other run passes the filters.');
  disposePinned();
});
