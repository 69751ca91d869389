import { expect, test } from 'vitest';
import { column, exampleTable } from '../../core/example-runs';
import { FakeSource } from '../../core/fake-source';
import type { CellRuns, CodeText, Question, RunPage } from '../../core/wire';
import { CARD_MIME } from '../card-renderer';
import { findMissedRuns, type OpenedNotebook, readCell } from './missed-runs';

const SOURCE = '%%track\nlr = 0.1\ntrain(lr)';
const RUNS: CellRuns = { cell_id: 'cell', run_ids: ['new', 'old'], status: 'finished' };

/** A notebook that was saved at 110 and opened at 115. */
function opened(source = SOURCE, ...carded: string[]): OpenedNotebook {
  const cells = new Map([['cell', { source, carded: new Set(carded) }]]);
  return { path: 'work/train.ipynb', savedAt: 110, openedAt: 115, cells };
}

/** A store with the run `new`, which began at 100 and took 20 seconds. */
function store(text: CodeText = { name: '', text: SOURCE }, has_outputs = true) {
  const page: RunPage = {
    answer: 'run',
    run_id: 'new',
    name: 'mlp',
    status: 'finished',
    project: 'p',
    experiment: 'e',
    started_at: 100,
    notebook: 'work/train.ipynb',
    sections: [{ name: 'source', texts: [text] }],
    has_outputs,
  };
  const columns = [column('run:started_at', 'time', [100]), column('run:duration', 'number', [20])];
  const table = { ...exampleTable, run_ids: ['new'], columns, total: 1 };
  const source = new FakeSource({ table, answer: ({ ask }: Question) => (ask === 'run' ? page : undefined) });
  return { source, sourceOf: () => source };
}

test('a run that ended after its notebook was saved, and has no card there, was missed', async () => {
  const { source, sourceOf } = store();
  expect(await findMissedRuns([RUNS], opened(), sourceOf)).toEqual([
    { cell_id: 'cell', run_id: 'new', name: 'mlp', status: 'finished', ended_at: 120 },
  ]);
  expect(source.asked.map(({ ask }) => ask)).toEqual(['runs', 'run']);
});

test('a run that ended before the notebook was saved was not: its output was seen, or taken away', async () => {
  const { source, sourceOf } = store();
  expect(await findMissedRuns([RUNS], { ...opened(), savedAt: 130 }, sourceOf)).toEqual([]);
  expect(source.asked.map(({ ask }) => ask)).toEqual(['runs']);
});

test('a run that began after its notebook was opened here was not: it was seen where it was run', async () => {
  const { source, sourceOf } = store();
  expect(await findMissedRuns([RUNS], { ...opened(), openedAt: 99 }, sourceOf)).toEqual([]);
  expect(source.asked.map(({ ask }) => ask)).toEqual(['runs']);
});

test('a copy of a notebook missed no run of the cells that it was copied from', async () => {
  expect(await findMissedRuns([RUNS], { ...opened(), path: 'work/train-Copy1.ipynb' }, store().sourceOf)).toEqual([]);
  expect(await findMissedRuns([RUNS], { ...opened(), path: null }, store().sourceOf)).toEqual([]);
});

test('nothing is asked of runs that go on, whose card is there, or whose cell is not', async () => {
  const { source, sourceOf } = store();
  expect(await findMissedRuns([{ ...RUNS, status: 'running' }], opened(), sourceOf)).toEqual([]);
  expect(await findMissedRuns([RUNS], opened(SOURCE, 'new'), sourceOf)).toEqual([]);
  expect(await findMissedRuns([RUNS], { ...opened(), cells: new Map() }, sourceOf)).toEqual([]);
  expect(source.asked).toEqual([]);
});

test('the card of an earlier run is no card of this one', async () => {
  expect(await findMissedRuns([RUNS], opened(SOURCE, 'old'), store().sourceOf)).toHaveLength(1);
});

test('nothing is offered where no output was kept, the cell was edited, or nobody knows when the notebook was saved', async () => {
  expect(await findMissedRuns([RUNS], opened(), store(undefined, false).sourceOf)).toEqual([]);
  expect(await findMissedRuns([RUNS], opened(`${SOURCE}\nmore()`), store().sourceOf)).toEqual([]);
  expect(await findMissedRuns([RUNS], { ...opened(), savedAt: Number.NaN }, store().sourceOf)).toEqual([]);
});

test('what a run’s page cuts off is no edit', async () => {
  const long = `x = "${'a'.repeat(300)}"`;
  const lines = Array.from({ length: 250 }, (_, at) => `step(${at})`);
  const cut = { name: '', text: [`${long.slice(0, 199)}…`, ...lines.slice(0, 199)].join('\n'), more: 51 };
  const source = [long, ...lines].join('\n');
  expect(await findMissedRuns([RUNS], opened(source), store(cut).sourceOf)).toHaveLength(1);
  expect(await findMissedRuns([RUNS], opened(`${source}\nmore()`), store(cut).sourceOf)).toEqual([]);
});

test('a cell is read with the cards of ended runs that stand in it', () => {
  const outputs = [
    { [CARD_MIME]: { run_id: 'ended', status: 'failed' } },
    { [CARD_MIME]: { run_id: 'going', status: 'running' } },
    { 'text/plain': 'hello' },
  ];
  const cell = {
    sharedModel: { getSource: () => SOURCE },
    outputs: { length: outputs.length, get: (at: number) => ({ data: outputs[at] }) },
  };
  const read = readCell(cell as never);
  expect([read.source, [...read.carded]]).toEqual([SOURCE, ['ended']]);
});
