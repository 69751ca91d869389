import type { Notebook } from '@jupyterlab/notebook';
import { expect, test, vi } from 'vitest';
import { CODE_EVENT, TAKES_CODE } from '../core/code-button';
import { takeCode } from './take-code';

/** A notebook of three cells, and what offers code in each. */
function notebook() {
  const node = document.createElement('div');
  const cells = ['a', 'b', 'c'].map((id) => {
    const cell = document.createElement('div');
    cell.append(document.createElement('button'));
    node.append(cell);
    return { id, node: cell };
  });
  const insertCell = vi.fn();
  const made = {
    node,
    widgets: cells,
    model: { sharedModel: { insertCell } },
    activeCellIndex: 0,
    mode: 'edit',
    deselectAll: vi.fn(),
    activate: vi.fn(),
    scrollToItem: vi.fn(async () => undefined),
  };
  takeCode(made as unknown as Notebook);
  const offer = (target: Element): boolean => {
    const event = new CustomEvent(CODE_EVENT, { bubbles: true, cancelable: true, detail: 'ts.runs().compare()' });
    return target.dispatchEvent(event);
  };
  return { made, insertCell, offer };
}

test('code goes into a new cell below the one that offers it, made active and not run', () => {
  const { made, insertCell, offer } = notebook();
  const isLeft = offer(made.widgets[1]?.node.querySelector('button') ?? made.node);
  expect(isLeft).toBe(false);
  const cell = { cell_type: 'code', source: 'ts.runs().compare()', metadata: { trusted: true } };
  expect(insertCell.mock.calls).toEqual([[2, cell]]);
  expect([made.activeCellIndex, made.mode]).toEqual([2, 'command']);
  expect(made.activate).toHaveBeenCalled();
});

test('a notebook says that it takes code, but takes none that comes from no cell', () => {
  const { made, insertCell, offer } = notebook();
  expect(made.node.hasAttribute(TAKES_CODE)).toBe(true);
  expect(offer(made.node)).toBe(true);
  expect(insertCell).not.toHaveBeenCalled();
});
