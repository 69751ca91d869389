import type { TranslationBundle } from '@jupyterlab/translation';
import { problemOf } from '../../core/asker';
import { make } from '../../core/elements';

/** What went wrong, and a button to try it again. */
export function problemWithRetry(error: unknown, again: () => void, trans: TranslationBundle): (Node | string)[] {
  const retry = make('button', { type: 'button', class: 'trackside-link', click: again }, trans.__('Try again'));
  return [problemOf(error), ' ', retry];
}
