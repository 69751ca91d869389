import { demand } from '../demand';

/**
 * Lets a text be written in `input`, in place of what a cell shows: Enter or leaving it keeps the text, Escape does not.
 * `done` is told the new text, or null if all is to stay as it was. What `wanted` says of a text is missing in it: Enter
 * does not keep it.
 */
export function editCell(
  cell: HTMLElement,
  input: HTMLInputElement,
  done: (next: string | null) => void,
  wanted: (text: string) => string | null = () => null,
): void {
  const before = [...cell.childNodes];
  const text = input.value;
  let isDone = false;
  const end = (next: string | null): void => {
    if (!isDone) {
      isDone = true;
      cell.replaceChildren(...before);
      done(next);
    }
  };
  const kept = (): string | null => {
    const next = input.value.trim();
    return next === text || wanted(next) !== null ? null : next;
  };
  input.classList.add('trackside-cell-input');
  input.addEventListener('blur', () => end(kept()));
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    const missing = event.key === 'Enter' ? wanted(input.value) : null;
    if (missing !== null) {
      demand(input, missing);
    } else if (event.key === 'Enter' || event.key === 'Escape') {
      end(event.key === 'Enter' ? kept() : null);
      cell.closest<HTMLElement>('tr, [role="row"]')?.focus({ preventScroll: true });
    }
  });
  cell.replaceChildren(input);
  input.focus();
  input.select();
}
