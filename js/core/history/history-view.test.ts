import { expect, test, vi } from 'vitest';
import { examplePage, exampleRecord, exampleTable } from '../example-runs';
import { SavedSource } from '../saved-source';
import { historyView } from './history-view';

test('where no metric has a history the panel says how to get one, and shows nothing else', async () => {
  const element = document.createElement('div');
  const record = { ...exampleRecord({ panels: ['history'] }), table: { ...exampleTable, metrics: [] } };
  const dispose = historyView(element, examplePage(new SavedSource(record), record));
  await vi.waitFor(() => {
    const [message] = element.querySelectorAll<HTMLElement>('.trackside-empty:not([hidden])');
    expect(message?.textContent).toBe('no metric has a history yet: log one per step with ts.log(loss=…)');
  });
  expect(element.querySelector<HTMLElement>('.trackside-toolbar')?.hidden).toBe(true);
  dispose();
});
