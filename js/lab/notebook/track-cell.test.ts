import { describe, expect, test, vi } from 'vitest';
import { canTrack, trackCell } from './track-cell';

/** A notebook whose second cell is active. */
function notebook(source: string, { first = 'import trackside as ts', type = 'code', readOnly = false } = {}) {
  const insertCell = vi.fn();
  const updateSource = vi.fn();
  const sharedModel = { getSource: () => source, updateSource };
  const cells = [{ sharedModel: { getSource: () => first } }, { sharedModel }];
  const made = {
    activeCell: { model: { type, sharedModel } },
    activeCellIndex: 1,
    model: { cells, readOnly, sharedModel: { insertCell } },
  };
  return { made: made as never as Parameters<typeof trackCell>[0], insertCell, updateSource };
}

describe('tracking a cell', () => {
  test('puts the magic on top of it', () => {
    const { made, insertCell, updateSource } = notebook('train()');
    trackCell(made);
    expect(updateSource).toHaveBeenCalledWith(0, 0, '%%track\n');
    expect(insertCell).not.toHaveBeenCalled();
  });

  test('puts a cell above that loads Trackside where no cell does, and stays at the cell', () => {
    const { made, insertCell } = notebook('train()', { first: 'import torch' });
    trackCell(made);
    expect(insertCell).toHaveBeenCalledWith(1, expect.objectContaining({ source: 'import trackside as ts' }));
    expect(made.activeCellIndex).toBe(2);
  });

  test.each(['%%track', '%%track mlp --tag a=b\ntrain()', '# train\n\n%%time\n%%track\ntrain()', '  %%track\n'])(
    'is not offered where the cell is tracked: %j',
    (source) => expect(canTrack(notebook(source).made)).toBe(false),
  );

  test.each(['', 'train()', 'x = "%%track"', 'train()\n%%track', '%%tracker'])('is offered for %j', (source) =>
    expect(canTrack(notebook(source).made)).toBe(true),
  );

  test('is not offered for markdown, nor in a notebook that is only read', () => {
    expect(canTrack(notebook('text', { type: 'markdown' }).made)).toBe(false);
    expect(canTrack(notebook('train()', { readOnly: true }).made)).toBe(false);
  });
});
