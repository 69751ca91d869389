import { afterEach, expect, test, vi } from 'vitest';
import { CODE_EVENT, codeButton } from './code-button';
import { examplePage, exampleRecord, exampleTable } from './example-runs';
import { FakeSource } from './fake-source';
import type { Answer } from './wire';

const CODE = 'ts.runs().compare()';

/** A button in a page that stands in the document, and the clipboard that it may write to. */
function shown(answer: Answer = { answer: 'code', text: CODE }) {
  const source = new FakeSource({ table: exampleTable, answer: () => answer });
  const page = examplePage(source, exampleRecord({ filter: 'lr < 1' }));
  const { element } = codeButton(page);
  document.body.append(element);
  const writeText = vi.fn(async (_: string) => undefined);
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  return { source, page, element, writeText, press: () => element.querySelector('button')?.click() };
}

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

test('the code is asked for with what is chosen now, and copied where no host takes it', async () => {
  const { source, page, element, writeText, press } = shown();
  page.state.value = { ...page.state.value, smoothing: 0.5 };
  press();
  await vi.waitFor(() => expect(element.textContent).toContain('Code copied'));
  expect(source.asked).toEqual([{ ask: 'code', state: page.state.value }]);
  expect(writeText).toHaveBeenCalledWith(CODE);
});

test('a host that takes the code has it, and nothing is copied', async () => {
  const { element, writeText, press } = shown();
  const taken: string[] = [];
  const take = (event: Event): void => {
    taken.push((event as CustomEvent<string>).detail);
    event.preventDefault();
  };
  document.body.addEventListener(CODE_EVENT, take);
  press();
  await vi.waitFor(() => expect(taken).toEqual([CODE]));
  document.body.removeEventListener(CODE_EVENT, take);
  expect(writeText).not.toHaveBeenCalled();
  expect(element.textContent).not.toContain('copied');
});

test('why there is no code is said', async () => {
  const { element, press } = shown({ answer: 'failure', message: 'The settings cannot be read.' });
  press();
  await vi.waitFor(() => expect(element.textContent).toContain('The settings cannot be read.'));
});
