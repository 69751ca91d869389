import { nullTranslator } from '@jupyterlab/translation';
import { expect, test } from 'vitest';
import { runSections } from './run-sections';

const trans = nullTranslator.load('trackside');
const text = (name: string, content: string) => ({ name, text: content });

test("a run's page begins with why it failed, and has its source before the code that this depends on", () => {
  const sections = runSections(
    [
      { name: 'run', facts: [text('id', 'a')] },
      { name: 'params', facts: [text('lr', '1')] },
      { name: 'code', texts: [text('[1]', 'import os')] },
      { name: 'packages', facts: [text('numpy', '2')] },
      { name: 'error', texts: [text('ValueError', 'no width')] },
      { name: 'source', texts: [text('cell', 'train()')] },
    ],
    trans,
  );
  expect(sections.map(({ dataset }) => dataset['section'])).toEqual([
    'error',
    'run',
    'params',
    'source',
    'code',
    'packages',
  ]);
  expect(sections.map((section) => (section as HTMLDetailsElement).open)).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
  ]);
});

test('says what it leaves out, and shows markup as text', () => {
  const hostile = '<img src=x onerror=alert(1)>';
  const [section] = runSections(
    [{ name: 'params', facts: [text(hostile, hostile)], texts: [{ ...text(hostile, hostile), more: 3 }], more: 7 }],
    trans,
  );
  expect(section?.querySelector('img')).toBeNull();
  expect(section?.textContent).toContain('and 3 more lines');
  expect(section?.textContent).toContain('and 7 more');
});

test('versions of models made of the run have a section of their own', () => {
  const [section] = runSections([{ name: 'versions', facts: [text('churn 3', 'production · champion')] }], trans);
  expect(section?.querySelector('summary')?.textContent).toBe('Model versions');
  expect(section?.querySelector('td')?.textContent).toBe('production · champion');
});
