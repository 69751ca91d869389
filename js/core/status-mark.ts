import './status-mark.css';
import { make } from './elements';

const MARKS: Readonly<Record<string, string>> = {
  running: '●',
  finished: '✓',
  failed: '✕',
  interrupted: '■',
};

/** A sign for a run's status, to be put beside or in place of the word; its colour is of the closest `data-status`. */
export function statusMark(status: string): HTMLElement {
  return make('span', { class: 'trackside-mark', 'aria-hidden': 'true' }, MARKS[status] ?? '·');
}
