import { make } from '../elements';

/**
 * Lets a note be written in place of what a cell shows: Enter or leaving it keeps the note, Escape does not. `done` is
 * told the new note, or null if it is to stay as it was.
 */
export function editNote(cell: HTMLElement, name: string, note: string, done: (next: string | null) => void): void {
  const before = [...cell.childNodes];
  const input = make('input', {
    type: 'text',
    class: 'trackside-note-input',
    'aria-label': `Note on ${name}`,
    placeholder: `Note on ${name}`,
    maxlength: '1000',
  });
  let isDone = false;
  const end = (next: string | null): void => {
    if (!isDone) {
      isDone = true;
      cell.replaceChildren(...before);
      done(next);
    }
  };
  const kept = (): string | null => (input.value.trim() === note ? null : input.value.trim());
  input.value = note;
  input.addEventListener('blur', () => end(kept()));
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Enter' || event.key === 'Escape') {
      end(event.key === 'Enter' ? kept() : null);
      cell.closest('tr')?.focus({ preventScroll: true });
    }
  });
  cell.replaceChildren(input);
  input.focus();
  input.select();
}
