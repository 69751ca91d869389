import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { exampleContent, exampleEntry } from '../example-artifacts';
import { examplePage, exampleRecord, exampleTable } from '../example-runs';
import { FakeSource } from '../fake-source';
import { SavedSource } from '../saved-source';
import type { Source } from '../source';
import type { Answer, ArtifactEntry, Question, ViewRecord } from '../wire';
import { artifactsView } from './artifacts-view';

let undo = (): void => undefined;

/** All is in sight at once. */
class EverySight {
  readonly #seen: IntersectionObserverCallback;
  constructor(seen: IntersectionObserverCallback) {
    this.#seen = seen;
  }
  observe(target: Element): void {
    this.#seen([{ isIntersecting: true, target } as IntersectionObserverEntry], this as never);
  }
  unobserve(): void {}
  disconnect(): void {}
}

beforeEach(() => {
  vi.stubGlobal('IntersectionObserver', EverySight);
});

afterEach(() => {
  undo();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

function open(source: Source, record: ViewRecord = exampleRecord({ panels: ['artifacts'] })) {
  const page = examplePage(source, record);
  undo = artifactsView(document.body, page);
  const cells = () => [...document.body.querySelectorAll('details .trackside-artifact-row > *')];
  return { page, body: document.body, cells };
}

function answering(artifacts: ArtifactEntry[], contents: (question: Question) => Answer | undefined = () => undefined) {
  return new FakeSource({
    table: exampleTable,
    answer: (question) => (question.ask === 'artifacts' ? { answer: 'artifacts', artifacts } : contents(question)),
  });
}

const notes = ['a', 'b'].map((run) => exampleEntry(run, 'notes.txt'));

test('runs that kept nothing say what to do', async () => {
  const { body } = open(answering([]));
  await vi.waitFor(() =>
    expect(body.querySelector('.trackside-empty')?.textContent).toBe(
      'These runs kept no artifacts: show a figure in a tracked cell, or keep one with ts.log_artifact(…).',
    ),
  );
});

test('a list that cannot be had says why', async () => {
  const { body } = open(
    new FakeSource({ table: exampleTable, answer: () => ({ answer: 'failure', message: 'Busy.' }) }),
  );
  await vi.waitFor(() => expect(body.querySelector('.trackside-empty')?.textContent).toBe('Busy.'));
});

test('a text is held against that of the first run', async () => {
  const source = answering(notes, (question) => {
    if (question.ask !== 'artifact') {
      return;
    }
    const content = exampleContent(exampleEntry(question.run_id, question.name), '<b>text</b>');
    const lines = [{ kind: 'added' as const, pieces: [{ text: 'more' }] }];
    return question.against ? { ...content, data: null, text: { lines } } : content;
  });
  const { cells } = open(source);
  await vi.waitFor(() =>
    expect(cells().map((cell) => cell.querySelector('pre, code')?.textContent)).toEqual(['<b>text</b>', 'more']),
  );
  expect(source.asked).toContainEqual({
    ask: 'artifact',
    run_id: 'a',
    name: 'notes.txt',
    step: null,
    against: 'b',
    against_step: null,
  });
});

test('what is the same is not loaded to tell so', async () => {
  const source = answering(
    notes.map((entry) => ({ ...entry, sha256: 'same' })),
    (question) => (question.ask === 'artifact' ? exampleContent(exampleEntry('b', 'notes.txt'), 'x') : undefined),
  );
  const { cells } = open(source);
  await vi.waitFor(() => expect(cells()[1]?.textContent).toContain('the same as in forest'));
  expect(source.asked.filter(({ ask }) => ask === 'artifact')).toHaveLength(1);
});

test('of steps the newest that is not later than the shared one is shown', async () => {
  const curves = [1, 5]
    .map((step) => exampleEntry('a', 'curve', { step }))
    .concat(exampleEntry('b', 'curve', { step: 5 }));
  const { body, page, cells } = open(answering(curves));
  const said = () => cells().map((cell) => cell.querySelector('figcaption span')?.textContent ?? cell.textContent);
  await vi.waitFor(() => expect(said()).toEqual(['step 5 · 12 bytes', 'step 5 · 12 bytes']));
  const slider = body.querySelector<HTMLInputElement>('input[type="range"]');
  if (slider) {
    slider.valueAsNumber = 0;
    slider.dispatchEvent(new Event('input'));
  }
  expect(page.state.value.artifacts?.step).toBe(1);
  await vi.waitFor(() => expect(said()).toEqual(['none before step 5', 'step 1 · 12 bytes']));
});

test('rows of predictions that flipped are marked', async () => {
  const tables = { a: [1, 1], b: [1, 0] };
  const entries = ['a', 'b'].map((run) => exampleEntry(run, 'predictions', { kind: 'predictions', form: 'table' }));
  const source = answering(entries, (question) => {
    if (question.ask !== 'artifact') {
      return;
    }
    const predicted = tables[question.run_id as 'a' | 'b'];
    const table = { names: ['id', 'y_true', 'y_pred'], columns: [['r1', 'r2'], [1, 1], predicted], total: 2 };
    return { ...exampleContent(exampleEntry(question.run_id, question.name), ''), data: null, table };
  });
  const { body } = open(source);
  await vi.waitFor(() => expect(body.querySelectorAll('td[data-flip]')).toHaveLength(1));
  expect(body.querySelector('tbody tr')?.textContent).toBe('r210 ✗1 ✓');
  body.querySelector<HTMLButtonElement>('button[aria-pressed="true"]:not([value])')?.click();
  expect(body.querySelectorAll('tbody tr')).toHaveLength(2);
});

test('a file that is too large says how to save it', async () => {
  const files = ['a', 'b'].map((run) => exampleEntry(run, 'model', { form: 'file', mime: 'application/x-joblib' }));
  const said = 'it has 5 MB; save it from Python';
  const { cells } = open(answering(files, () => ({ answer: 'failure', message: said })));
  await vi.waitFor(() => expect(cells()).toHaveLength(2));
  cells()[0]?.querySelector('button')?.click();
  await vi.waitFor(() => expect(cells()[0]?.textContent).toContain(said));
});

test('a saved list is shown with no kernel, and says once that its bytes are not there', async () => {
  const artifacts = { answer: 'artifacts' as const, artifacts: notes };
  const record = { ...exampleRecord({ panels: ['artifacts'] }), artifacts };
  const { body, cells } = open(new SavedSource(record), record);
  await vi.waitFor(() => expect(cells().map((cell) => cell.textContent)).toEqual(['12 bytes', '12 bytes']));
  expect(body.querySelector('.trackside-note')?.textContent).toContain('run the cell again to see them');
});

test('while another step is loaded, the one before stays in its place', async () => {
  const curves = ['a', 'b'].flatMap((run) => [1, 5].map((step) => exampleEntry(run, 'curve', { step })));
  let isSlow = false;
  const source = answering(curves, (question) =>
    question.ask === 'artifact'
      ? exampleContent(exampleEntry(question.run_id, 'curve'), `at ${question.step}`)
      : undefined,
  );
  const ask = source.ask.bind(source);
  source.ask = (question, signal) => (isSlow ? new Promise(() => undefined) : ask(question, signal));
  const { page, cells } = open(source);
  const body = () => cells()[0]?.querySelector('.trackside-artifact-body');
  await vi.waitFor(() => expect(body()?.textContent).toBe('at 5'));
  isSlow = true;
  page.state.value = { ...page.state.value, artifacts: { step: 1 } };
  await vi.waitFor(() => expect(body()?.getAttribute('aria-busy')).toBe('true'));
  expect(body()?.textContent).toBe('at 5');
});
