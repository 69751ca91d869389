import { expect, it, vi } from 'vitest';
import { longChooser } from './long-chooser';

const choices = Array.from({ length: 30 }, (_, at) => ({ value: `metric:m${at}`, label: `val/m${at}` }));

it('is searched where it is long: Enter takes the first found', () => {
  const chosen = vi.fn();
  const chooser = longChooser('x axis', chosen);
  chooser.show({ value: 'metric:m0', choices });
  const [button, input] = [chooser.element.querySelector('button'), chooser.element.querySelector('input')];
  button?.click();
  const type = (text: string): void => {
    if (input) {
      input.value = text;
      input.dispatchEvent(new Event('input'));
    }
  };
  const found = (): (string | null)[] => [...chooser.element.querySelectorAll('li')].map((item) => item.textContent);
  expect(found()).toHaveLength(30);
  type('VAL m2');
  expect(found()).toHaveLength(11);
  type('m27');
  expect(found()).toEqual(['val/m27']);
  input?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
  expect(chosen).toHaveBeenCalledWith('metric:m27');
  expect(chooser.element.querySelector<HTMLElement>('[role=dialog]')?.hidden).toBe(true);
  chooser.dispose();
});

it('is a plain list where it is short', () => {
  const chooser = longChooser('x axis', () => undefined);
  chooser.show({ value: 'metric:m0', choices: choices.slice(0, 12) });
  expect(chooser.element.querySelector<HTMLElement>('.trackside-menu')?.hidden).toBe(true);
});
