import { nullTranslator } from '@jupyterlab/translation';
import { expect, test, vi } from 'vitest';
import type { RunPage } from '../../core/wire';
import { goToCell, openAsItWas, restoreRun, type Ways } from './run-notebook';

const RUN = { store: 'k', run_id: '0193-a7k2m' };
const PAST = 'trackside:k/0193-a7k2m/work/train as it was (a7k2m).ipynb';

/** The ways to the notebook of a run; `files` are those that are there. */
function ways(page: Partial<RunPage> = {}, files = ['work/train.ipynb'], cells = ['cell']) {
  const whole: RunPage = {
    answer: 'run',
    run_id: RUN.run_id,
    name: 'mlp',
    status: 'finished',
    project: 'p',
    experiment: 'e',
    started_at: 0,
    sections: [],
    notebook: 'work/train.ipynb',
    cell_id: 'cell',
    has_notebook: true,
    ...page,
  };
  return {
    trans: nullTranslator.load('trackside'),
    pageOf: async () => whole,
    exists: async (path: string) => files.includes(path),
    open: vi.fn(),
    openCell: vi.fn(async (_: string, cell: string) => cells.includes(cell)),
    showOpenCell: vi.fn((_: string) => false),
    confirm: vi.fn(
      async (_words: string, _choice: string | null): Promise<{ isChosen: boolean } | null> => ({
        isChosen: true,
      }),
    ),
    restore: vi.fn(async () => ({ notebook: 'work/restored/train.ipynb', notes: ['Cell 3 was not kept.'] })),
    say: vi.fn(),
  } satisfies Ways;
}

test('the cell that made a run is shown in its notebook', async () => {
  const made = ways();
  await goToCell(RUN, made);
  expect(made.openCell.mock.calls).toEqual([['work/train.ipynb', 'cell']]);
  expect(made.say).not.toHaveBeenCalled();
});

test('the cell that made a run is shown in an open notebook that goes by another name now', async () => {
  const made = ways({}, []);
  made.showOpenCell.mockReturnValue(true);
  await goToCell(RUN, made);
  expect(made.showOpenCell.mock.calls).toEqual([['cell']]);
  expect(made.say).not.toHaveBeenCalled();
});

test.each<[string, Partial<RunPage>, string[], string[]]>([
  ['no longer in work/train.ipynb', {}, ['work/train.ipynb'], []],
  ['renamed, moved or deleted', {}, [], ['cell']],
  ['No cell of a notebook', { notebook: null }, [], ['cell']],
])('where there is none it is said (%s), and the notebook as it was is offered', async (words, page, files, cells) => {
  const made = ways(page, files, cells);
  await goToCell(RUN, made);
  const [kind, said, offer] = made.say.mock.calls[0] ?? [];
  expect([kind, said]).toEqual(['warning', expect.stringContaining(words)]);
  made.openCell.mockClear();
  await offer.accept();
  expect(made.openCell.mock.calls[0]?.[0]).toContain('as it was (a7k2m).ipynb');
});

test('what was not kept is not offered', async () => {
  const made = ways({ has_notebook: false }, []);
  await goToCell(RUN, made);
  expect(made.say.mock.calls[0]?.[2]).toBeUndefined();
  await openAsItWas(RUN, made);
  expect(made.say).toHaveBeenLastCalledWith('warning', 'The notebook of this run was not kept.');
});

test('a notebook as it was is opened at the cell that made the run', async () => {
  const made = ways();
  await openAsItWas(RUN, made);
  expect(made.openCell.mock.calls).toEqual([[PAST, 'cell']]);
});

test('a restored notebook is opened, and it is said what in it is not as it was', async () => {
  const made = ways();
  await restoreRun(RUN, made);
  expect(made.restore).toHaveBeenCalledWith(RUN, true);
  expect(made.open).toHaveBeenCalledWith('work/restored/train.ipynb');
  expect(made.say.mock.calls).toEqual([
    ['success', 'Restored as work/restored/train.ipynb'],
    ['warning', 'Cell 3 was not kept.'],
  ]);
});

test('nothing is restored before it is said what will be written, and agreed to', async () => {
  const made = ways({ has_notebook: false });
  made.confirm.mockResolvedValueOnce(null);
  await restoreRun(RUN, made);
  expect(made.confirm).toHaveBeenCalledWith(expect.stringContaining('written beside work/train.ipynb'), null);
  expect(made.restore).not.toHaveBeenCalled();
  made.confirm.mockResolvedValueOnce({ isChosen: false });
  await restoreRun(RUN, made);
  expect(made.restore).toHaveBeenCalledWith(RUN, false);
});
