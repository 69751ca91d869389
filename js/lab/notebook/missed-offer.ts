import './missed-offer.css';
import type { TranslationBundle } from '@jupyterlab/translation';
import { problemOf } from '../../core/asker';
import { make } from '../../core/elements';
import { statusMark } from '../../core/status-mark';
import type { MissedRun } from './missed-runs';

/**
 * A quiet line that offers the output of a run that ended while its notebook was closed, or after it was opened again
 * (seconds since 1970); gone once that is shown.
 */
export function missedOffer(
  run: MissedRun,
  openedAt: number,
  show: () => Promise<void>,
  trans: TranslationBundle,
): HTMLElement {
  const problem = make('span', { 'data-tone': 'bad', role: 'status' });
  const press = async (): Promise<void> => {
    button.disabled = true;
    try {
      await show();
      element.remove();
    } catch (error) {
      problem.textContent = problemOf(error);
      button.disabled = false;
    }
  };
  const button = make('button', { type: 'button', click: () => void press() }, trans.__('Show its output'));
  const dismiss = make(
    'button',
    {
      type: 'button',
      class: 'trackside-missed-close',
      'aria-label': trans.__('Leave it'),
      title: trans.__('Leave it'),
      click: () => element.remove(),
    },
    '×',
  );
  const element: HTMLElement = make(
    'div',
    { class: 'trackside-missed', role: 'note', 'data-status': run.status, 'data-lm-suppress-shortcuts': 'true' },
    statusMark(run.status),
    make('span', {}, `${wordsFor(run, openedAt, trans)} · `),
    button,
    dismiss,
    problem,
  );
  return element;
}

function wordsFor({ name, run_id, status, ended_at }: MissedRun, openedAt: number, trans: TranslationBundle): string {
  const run = `${name} (${run_id.slice(-5)})`;
  const isOver = ended_at < openedAt;
  switch (status) {
    case 'finished':
      return isOver
        ? trans.__('%1 finished while this notebook was closed', run)
        : trans.__('%1 finished; it began before this notebook was opened here', run);
    case 'failed':
      return isOver
        ? trans.__('%1 failed while this notebook was closed', run)
        : trans.__('%1 failed; it began before this notebook was opened here', run);
    default:
      return isOver
        ? trans.__('%1 was interrupted while this notebook was closed', run)
        : trans.__('%1 was interrupted; it began before this notebook was opened here', run);
  }
}
