import { expect, test, vi } from 'vitest';
import { examplePage, exampleRecord, exampleTable } from './example-runs';
import { FakeSource } from './fake-source';
import { viewsMenu } from './views-menu';
import type { SavedView } from './wire';

/** A menu whose kernel keeps what is saved. */
function opened() {
  const kept = new Map<string, SavedView>();
  const source = new FakeSource({
    table: exampleTable,
    answer: (question) => {
      if (question.ask !== 'views') {
        return undefined;
      }
      const { name, state } = question;
      if (name === 'taken') {
        return { answer: 'failure', message: 'The disk is full.' };
      }
      if (name && state) {
        kept.set(name, { name, state });
      } else if (name) {
        kept.delete(name);
      }
      return { answer: 'views', views: [...kept.values()] };
    },
  });
  const page = examplePage(source, exampleRecord({ filter: 'lr < 1', smoothing: 0.5, ticked: ['a'] }));
  const { element } = viewsMenu(page);
  element.querySelector('button')?.click();
  const save = (name: string) => {
    const input = element.querySelector('input');
    const form = element.querySelector('form');
    if (input && form) {
      input.value = name;
      form.dispatchEvent(new Event('submit', { cancelable: true }));
    }
  };
  const names = () => [...element.querySelectorAll('li > button:first-child')].map((button) => button.textContent);
  return { page, element, save, names };
}

test('a view is saved under a name, and taken up again with all but what is ticked', async () => {
  const { page, element, save, names } = opened();
  save('smooth');
  await vi.waitFor(() => expect(names()).toEqual(['smooth']));
  page.state.value = { ...page.state.value, filter: '', smoothing: 0, ticked: ['b'] };
  element.querySelector<HTMLElement>('li button')?.click();
  expect(page.state.value).toMatchObject({ filter: 'lr < 1', smoothing: 0.5, ticked: ['b'] });
  expect(element.querySelector<HTMLElement>('[role=dialog]')?.hidden).toBe(true);
});

test('a view is replaced only where its name is entered twice', async () => {
  const { page, element, save, names } = opened();
  save('smooth');
  await vi.waitFor(() => expect(names()).toEqual(['smooth']));
  page.state.value = { ...page.state.value, smoothing: 0.9 };
  const asked = (page.source as FakeSource).asked.length;
  save('smooth');
  expect((page.source as FakeSource).asked).toHaveLength(asked);
  expect(element.textContent).toContain('save once more to replace it');
  save('smooth');
  await vi.waitFor(() => expect((page.source as FakeSource).asked).toHaveLength(asked + 1));
  expect((page.source as FakeSource).asked.at(-1)).toMatchObject({ name: 'smooth', state: { smoothing: 0.9 } });
});

test('a name can be forgotten', async () => {
  const { element, save, names } = opened();
  save('smooth');
  await vi.waitFor(() => expect(names()).toEqual(['smooth']));
  element.querySelector<HTMLElement>('[aria-label="Forget smooth"]')?.click();
  await vi.waitFor(() => expect(names()).toEqual([]));
});

test('what could not be saved is said', async () => {
  const { element, save } = opened();
  save('taken');
  await vi.waitFor(() => expect(element.textContent).toContain('The disk is full.'));
});

test('a view without a name is not saved, and that is said', () => {
  const { page, element, save } = opened();
  const asked = (page.source as FakeSource).asked.length;
  save('  ');
  expect((page.source as FakeSource).asked).toHaveLength(asked);
  expect(element.querySelector('input')?.validationMessage).toBe('Write a name for this view');
});
