import { expect, test, vi } from 'vitest';
import { Asker } from './asker';
import { exampleTable } from './example-runs';
import type { Source } from './source';

function slowSource() {
  const answering: (() => void)[] = [];
  const ask = vi.fn(() => new Promise((resolve) => answering.push(() => resolve(exampleTable))));
  return { source: { live: true, ask } as unknown as Source, ask, answering };
}

const filter = (expression: string) => ({ ask: 'filter', expression }) as const;

test('a question is asked once, whoever asks it, until it is forgotten', async () => {
  const { source, ask, answering } = slowSource();
  const asker = new Asker(source);
  const answers = [asker.ask(filter('a')), asker.ask(filter('a'))];
  answering[0]?.();
  await Promise.all(answers);
  expect(ask).toHaveBeenCalledTimes(1);
  asker.forget();
  void asker.ask(filter('a'));
  expect(ask).toHaveBeenCalledTimes(2);
});

test('another version of what is asked for is asked for', () => {
  const { source, ask } = slowSource();
  const asker = new Asker(source);
  void asker.ask(filter('a'), 'sha 1');
  void asker.ask(filter('a'), 'sha 2');
  expect(ask).toHaveBeenCalledTimes(2);
});

test('few questions are on their way at once; the others follow', async () => {
  const { source, ask, answering } = slowSource();
  const asker = new Asker(source);
  const answers = ['a', 'b', 'c', 'd'].map((each) => asker.ask(filter(each)));
  expect(ask).toHaveBeenCalledTimes(3);
  answering[0]?.();
  await answers[0];
  await vi.waitFor(() => expect(ask).toHaveBeenCalledTimes(4));
});

test('what failed may be asked again', async () => {
  const ask = vi.fn().mockRejectedValueOnce(new Error('busy')).mockResolvedValue(exampleTable);
  const asker = new Asker({ live: true, ask } as Source);
  await expect(asker.ask(filter('a'))).rejects.toThrow('busy');
  await expect(asker.ask(filter('a'))).resolves.toBe(exampleTable);
});
