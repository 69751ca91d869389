import type { Notebook } from '@jupyterlab/notebook';
import { nullTranslator } from '@jupyterlab/translation';
import { expect, test, vi } from 'vitest';
import { Observable } from '../../core/observable';
import type { CellRuns } from '../../core/wire';
import { markCells } from './mark-cells';

const RUNS: CellRuns = {
  cell_id: 'b',
  run_ids: ['r2', 'r1'],
  status: 'finished',
  said: 'val_loss 0.31',
  change: '−0.02',
  tone: 'good',
};

function cell(id: string, isPlaceholder = false) {
  const node = document.createElement('div');
  const render = (): void => {
    node.innerHTML = '<div class="jp-Cell-inputWrapper"></div>';
  };
  let rendered: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    rendered = resolve;
  });
  if (!isPlaceholder) {
    render();
  }
  const made = { node, model: { id }, ready, isPlaceholder: () => node.childElementCount === 0 };
  return { ...made, rendered: () => [render(), rendered()] };
}

function marked(...cells: ReturnType<typeof cell>[]) {
  const listeners = new Set<() => void>();
  const changed = {
    connect: (slot: () => void) => listeners.add(slot),
    disconnect: (slot: () => void) => listeners.delete(slot),
  };
  const notebook = { widgets: cells, model: { cells: { changed } } };
  const runs = new Observable<readonly CellRuns[]>([]);
  const show = vi.fn();
  const followed = { cells: runs, dispose: () => undefined };
  const undo = markCells(notebook as unknown as Notebook, followed, show, nullTranslator.load('trackside'));
  const change = (...now: ReturnType<typeof cell>[]): void => {
    notebook.widgets = now;
    for (const slot of listeners) {
      slot();
    }
  };
  return { runs, show, undo, change, listeners };
}

const buttonIn = ({ node }: { node: HTMLElement }) => node.querySelector('button');
const settle = () => Promise.resolve();

test('a cell with runs has a mark that says how many, how the last one went and what changed; a click shows them', async () => {
  const [a, b] = [cell('a'), cell('b')];
  const { runs, show } = marked(a, b);
  runs.value = [RUNS];
  await settle();
  expect(buttonIn(a)).toBeNull();
  expect(buttonIn(b)?.textContent).toBe('✓2−0.02');
  expect(buttonIn(b)?.getAttribute('aria-label')).toBe(
    '2 runs of this cell; the last one: finished, val_loss 0.31, −0.02 to the run before',
  );
  buttonIn(b)?.click();
  expect(show).toHaveBeenCalledWith(['r2', 'r1']);
});

test('a mark is drawn anew only where its runs changed, and goes where they are gone', async () => {
  const b = cell('b');
  const { runs } = marked(b);
  runs.value = [RUNS];
  await settle();
  const first = buttonIn(b);
  runs.value = [{ ...RUNS }];
  await settle();
  expect(buttonIn(b)).toBe(first);
  runs.value = [{ ...RUNS, status: 'running' }];
  await settle();
  expect(buttonIn(b)?.textContent).toBe('●2−0.02');
  runs.value = [];
  await settle();
  expect(buttonIn(b)).toBeNull();
});

test('cells that come later, or are drawn only when they come into sight, get theirs', async () => {
  const [b, late] = [cell('b', true), cell('c')];
  const { runs, change } = marked(b);
  runs.value = [RUNS, { ...RUNS, cell_id: 'c' }];
  await settle();
  expect(buttonIn(b)).toBeNull();
  b.rendered();
  await settle();
  await settle();
  expect(buttonIn(b)).not.toBeNull();
  change(b, late);
  await settle();
  expect(buttonIn(late)).not.toBeNull();
});

test('nothing is left once it is taken back', async () => {
  const b = cell('b');
  const { runs, undo, listeners } = marked(b);
  runs.value = [RUNS];
  await settle();
  undo();
  runs.value = [{ ...RUNS, status: 'failed' }];
  await settle();
  expect(buttonIn(b)).toBeNull();
  expect(listeners.size).toBe(0);
});
