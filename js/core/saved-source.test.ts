import { describe, expect, test } from 'vitest';
import { exampleHistory, exampleRecord, exampleTable } from './example-runs';
import { SavedSource } from './saved-source';
import type { HistoryQuestion } from './wire';

const ask: HistoryQuestion = { ask: 'history', run_ids: ['b', 'd'], metric: 'accuracy', x: 'step', pixels: 500 };

describe('a saved record as a source', () => {
  test('answers the runs it holds', async () => {
    expect(await new SavedSource(exampleRecord()).ask({ ask: 'runs' })).toBe(exampleTable);
  });

  test('answers a saved history with the lines asked for', async () => {
    const history = await new SavedSource(exampleRecord()).ask(ask);
    expect(history.lines.map((line) => line.run_id)).toEqual(['b']);
  });

  test('prefers the history of the whole range to a zoomed one', async () => {
    const zoomed = { ...exampleHistory('accuracy', ['b']), range: [0, 1] as [number, number] };
    const record = { ...exampleRecord(), histories: [zoomed, exampleHistory('accuracy', ['b'])] };
    expect((await new SavedSource(record).ask(ask)).range).toBeUndefined();
  });

  test('says which histories it has when asked for another', async () => {
    const source = new SavedSource(exampleRecord());
    await expect(source.ask({ ...ask, metric: 'loss' })).rejects.toThrow(
      'The notebook did not save "loss" by step: run the cell again to draw it, or choose "accuracy" by step.',
    );
  });

  test('says by what it saved a history when asked for it by something else', async () => {
    await expect(new SavedSource(exampleRecord()).ask({ ...ask, x: 'metric:epoch' })).rejects.toThrow(
      'The notebook did not save "accuracy" by epoch: run the cell again to draw it, or choose x: step.',
    );
  });

  test('knows what the saved filter let pass, and takes any other as words to find', async () => {
    const record = { ...exampleRecord({ filter: 'accuracy > 0.96' }), passing: ['a'] };
    const source = new SavedSource(record);
    expect((await source.ask({ ask: 'filter', expression: 'accuracy > 0.96' })).run_ids).toEqual(['a']);
    expect((await source.ask({ ask: 'filter', expression: 'Forest finished' })).run_ids).toEqual(['b', 'c']);
  });

  test('works out a condition on the runs that it holds', async () => {
    const source = new SavedSource(exampleRecord());
    expect((await source.ask({ ask: 'filter', expression: 'C > 3 and accuracy > 0.9' })).run_ids).toEqual(['a']);
    await expect(source.ask({ ask: 'filter', expression: 'abs(C) > 3' })).rejects.toThrow('cannot be read from "(C)');
  });

  test('keeps nothing that is said of runs', async () => {
    const answer = new SavedSource(exampleRecord()).ask({
      ask: 'mark',
      run_ids: ['a'],
      mark: 'starred',
      value: 'yes',
    });
    await expect(answer).rejects.toThrow('Only a kernel can keep');
  });
});
