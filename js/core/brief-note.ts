import { make } from './elements';
import type { Undo } from './undo';

const SHOWN_MS = 4000;

/** A few words on what was just done, which go away by themselves. */
export function briefNote(): { element: HTMLElement; say: (words: string) => void; dispose: Undo } {
  const element = make('span', { class: 'trackside-done', role: 'status' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (words: string): void => {
    element.textContent = words;
    clearTimeout(timer);
    timer = setTimeout(() => (element.textContent = ''), SHOWN_MS);
  };
  return { element, say, dispose: () => clearTimeout(timer) };
}
