import './controls.css';
import { make } from './elements';

/** A part of a toolbar: its element, and how it is told of a state that changed elsewhere. */
export interface Control<T> {
  readonly element: HTMLElement;
  show(value: T): void;
}

/** One of several values, from a list that may change. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A drop-down list. */
export function chooser(
  label: string,
  chosen: (value: string) => void,
): Control<{ value: string; choices: readonly Choice[] }> {
  const attributes = { 'aria-label': label, title: label };
  const select = make('select', { ...attributes, change: () => chosen(select.value) });
  let before = '';
  return {
    element: select,
    show({ value, choices }): void {
      const now = JSON.stringify(choices);
      if (now !== before) {
        before = now;
        select.replaceChildren(...choices.map((choice) => make('option', { value: choice.value }, choice.label)));
      }
      select.value = value;
    },
  };
}

/** A few values side by side, of which one holds. */
export function segments<T extends string>(
  label: string,
  choices: readonly { value: T; label: string; title: string }[],
  chosen: (value: T) => void,
): Control<T> {
  const buttons = choices.map(({ value, label: text, title }) =>
    make('button', { type: 'button', title, value, click: () => chosen(value) }, text),
  );
  return {
    element: make('span', { class: 'trackside-segments', role: 'group', 'aria-label': label }, ...buttons),
    show(value): void {
      for (const button of buttons) {
        button.setAttribute('aria-pressed', String(button.value === value));
      }
    },
  };
}

/** A button that is in or out. */
export function toggle(label: string, title: string, changed: (pressed: boolean) => void): Control<boolean> {
  const button = make(
    'button',
    { type: 'button', title, click: () => changed(button.getAttribute('aria-pressed') !== 'true') },
    label,
  );
  return {
    element: button,
    show: (pressed) => button.setAttribute('aria-pressed', String(pressed)),
  };
}

/** A number between 0 and `most`. */
export function slider(label: string, title: string, most: number, changed: (value: number) => void): Control<number> {
  const input = make('input', {
    type: 'range',
    min: '0',
    max: String(most),
    step: '0.01',
    'aria-label': label,
    input: () => changed(input.valueAsNumber),
  });
  const read = make('output', {});
  return {
    element: make('label', { class: 'trackside-slider', title }, label, input, read),
    show(value): void {
      input.valueAsNumber = value;
      read.textContent = value === 0 ? 'off' : value.toFixed(2);
    },
  };
}
