import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { expect, test, vi } from 'vitest';
import { examplePage, exampleTable } from '../../core/example-runs';
import { FakeSource } from '../../core/fake-source';
import { addCommands, type Target } from './commands';

const HERE = { store: 's', project: 'p', experiment: 'e' };
const THERE = { store: 't', project: null, experiment: null };

function registry(current: string | null, ticked: string[] = []) {
  const source = new FakeSource({ table: exampleTable, answer: () => exampleTable });
  const page = examplePage(source);
  page.table.value = { ...exampleTable, baseline: 'b' };
  page.selection.ticked.value = new Set(ticked);
  const list = {
    page,
    source: { scope: { store: 's', project: 'p', experiment: 'e', newest: 100 } },
    list: { current: () => current, write: vi.fn(), focus: vi.fn() },
  };
  const commands = new CommandRegistry();
  const host = {
    openRun: vi.fn(),
    showRuns: vi.fn(),
    openModel: vi.fn(),
    compare: vi.fn(),
    insertComparison: vi.fn(),
    show: vi.fn(),
    search: vi.fn(),
    remember: vi.fn(),
  };
  const trans = nullTranslator.load('trackside');
  addCommands(commands, { ...host, trans, target: () => list as unknown as Target });
  return { commands, host, source, list };
}

test('commands are about the chosen runs, in the order of the list, else about the one that the keyboard is at', async () => {
  const several = registry('d', ['c', 'a']);
  await several.commands.execute('trackside:compare');
  expect(several.host.compare).toHaveBeenCalledWith(HERE, ['a', 'c']);
  await several.commands.execute('trackside:open-run');
  expect(several.host.openRun).toHaveBeenCalledWith(HERE, 'd', undefined);
  const none = registry('d');
  await none.commands.execute('trackside:insert-compare');
  expect(none.host.insertComparison).toHaveBeenCalledWith(['d'], exampleTable.run_ids);
  await none.commands.execute('trackside:rename-run');
  expect(none.list.list.write).toHaveBeenCalledWith('d', 'name');
});

test('others may name the runs they mean', async () => {
  const { commands, host } = registry(null);
  expect(commands.isVisible('trackside:compare')).toBe(false);
  expect(commands.isEnabled('trackside:compare', { store: 't', run_ids: ['x'] })).toBe(true);
  await commands.execute('trackside:compare', { store: 't', run_ids: ['x', 'y'] });
  await commands.execute('trackside:open-run', { store: 't', run_id: 'x' });
  expect(host.compare).toHaveBeenCalledWith(THERE, ['x', 'y']);
  expect(host.openRun).toHaveBeenCalledWith(THERE, 'x', undefined);
  await commands.execute('trackside:show-runs', { store: 't', project: 'p', experiment: 'train', run_ids: ['x'] });
  expect(host.showRuns).toHaveBeenCalledWith({ store: 't', project: 'p', experiment: 'train' }, ['x']);
});

test('tabs that come back after a reload tell which notebook leads to their store', async () => {
  const { commands, host } = registry(null);
  await commands.execute('trackside:open-run', { store: 't', run_id: 'x', name: 'mlp', notebook: 'work/train.ipynb' });
  await commands.execute('trackside:compare', { store: 'u', run_ids: ['x'], notebook: 'fit.ipynb' });
  await commands.execute('trackside:compare', { store: 'v', run_ids: ['x'], notebook: null });
  expect(host.remember.mock.calls).toEqual([
    ['t', 'work/train.ipynb'],
    ['u', 'fit.ipynb'],
  ]);
  expect(host.openRun).toHaveBeenCalledWith(THERE, 'x', 'mlp');
});

test('what was put away is chosen no longer', async () => {
  const { commands, source, list } = registry('a', ['a', 'c']);
  await commands.execute('trackside:delete-runs');
  await vi.waitFor(() => expect(list.page.selection.ticked.value.size).toBe(0));
  expect(source.asked).toMatchObject([{ ask: 'mark', run_ids: ['a', 'c'], mark: 'shelf', value: 'dropped' }]);
});

test('a run is compared with the baseline, which itself is not', async () => {
  const { commands, host } = registry('c');
  await commands.execute('trackside:compare-with-baseline');
  expect(host.compare).toHaveBeenCalledWith(HERE, ['c', 'b']);
  expect(registry('b').commands.isEnabled('trackside:compare-with-baseline')).toBe(false);
});

test("other plugins' commands are told the run, and are not offered where these are not there", async () => {
  const { commands } = registry('c');
  const none = registry(null).commands;
  const id = 'trackside:go-to-cell-of-chosen-run';
  expect(commands.isVisible(id)).toBe(false);
  const execute = vi.fn();
  commands.addCommand('trackside:go-to-cell', { execute });
  none.addCommand('trackside:go-to-cell', { execute });
  expect([commands.isVisible(id), none.isVisible(id)]).toEqual([true, false]);
  await commands.execute(id);
  expect(execute).toHaveBeenCalledWith(expect.objectContaining({ store: 's', run_id: 'c' }));
});
