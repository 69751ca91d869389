import { describe, expect, it, vi } from 'vitest';
import { exampleImportance, examplePage, exampleRecord } from '../example-runs';
import { FakeSource } from '../fake-source';
import { SavedSource } from '../saved-source';
import type { Importance } from '../wire';
import { askImportance, orderedByImportance } from './importance-order';

const KEYS = ['param:depth', 'param:C', 'param:kind', 'metric:loss', 'metric:accuracy'];

describe('the order of axes by importance', () => {
  it('has the most important param next to the metrics, and what was not rated first', () => {
    const ordered = orderedByImportance(
      KEYS.map((key) => ({ key })),
      exampleImportance,
    );
    expect(ordered.map(({ key }) => key)).toEqual([
      'param:C',
      'param:kind',
      'param:depth',
      'metric:loss',
      'metric:accuracy',
    ]);
  });

  it('comes with the answer, and says what it is', async () => {
    const { table } = exampleRecord();
    const answer = (): Importance => exampleImportance;
    const page = examplePage(new FakeSource({ table, answer }));
    const [found, say] = [vi.fn(), vi.fn()];
    askImportance(page, found, say);
    await vi.waitFor(() => expect(found).toHaveBeenCalledWith(exampleImportance));
    expect(say).toHaveBeenLastCalledWith('the params most important to accuracy stand next to it');
  });

  it('says why there is none where the notebook did not save it', async () => {
    const record = exampleRecord();
    const page = examplePage(new SavedSource(record), record);
    const [found, say] = [vi.fn(), vi.fn()];
    askImportance(page, found, say);
    await vi.waitFor(() => expect(say).toHaveBeenLastCalledWith(expect.stringContaining('run the cell again')));
    expect(found).not.toHaveBeenCalled();
  });
});
