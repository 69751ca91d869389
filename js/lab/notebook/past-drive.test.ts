import { expect, test, vi } from 'vitest';
import { pastPath } from '../server/past-path';
import { PastDrive } from './past-drive';

const PATH = pastPath({ store: 'k', run_id: 'r-12345' }, 'work/train.ipynb').replace('trackside:', '');
const NOTEBOOK = { nbformat: 4, cells: [{ cell_type: 'code', source: 'lr = 1', metadata: { tags: ['a'] } }] };

function drive() {
  const notebook = vi.fn(async () => NOTEBOOK);
  const remember = vi.fn();
  const made = new PastDrive({ notebook, remember } as never, {} as never);
  return { made, notebook, remember };
}

test('a notebook as it was is one that cannot be written, nor its cells', async () => {
  const { made, notebook } = drive();
  const model = await made.get(PATH);
  expect(notebook).toHaveBeenCalledWith('k', 'r-12345');
  expect(model).toMatchObject({
    name: 'train as it was (12345).ipynb',
    type: 'notebook',
    format: 'json',
    writable: false,
  });
  expect(model.content.cells[0].metadata).toEqual({ tags: ['a'], editable: false, deletable: false });
  expect(NOTEBOOK.cells[0]?.metadata).toEqual({ tags: ['a'] });
});

test('without its content nothing is asked', async () => {
  const { made, notebook } = drive();
  expect(await made.get(PATH, { content: false })).toMatchObject({ content: null, writable: false });
  expect(notebook).not.toHaveBeenCalled();
});

test('the notebook leads to a store of an earlier page', async () => {
  const { made, remember } = drive();
  await made.get(PATH);
  expect(remember).toHaveBeenCalledWith('k', 'work/train.ipynb');
});

test('any other path is refused with what was expected', async () => {
  await expect(drive().made.get('notes.txt')).rejects.toThrow(/Found "notes.txt", expected the notebook of a run/);
});

test('everything that would change something is refused in one clear sentence', async () => {
  const { made } = drive();
  const changes = [made.save, made.rename, made.delete, made.copy, made.newUntitled, made.createCheckpoint];
  for (const change of changes) {
    await expect(change()).rejects.toThrow('A notebook as it was cannot be changed');
  }
  expect(await made.listCheckpoints()).toEqual([]);
});
