import './missed-offer.css';
import type { TranslationBundle } from '@jupyterlab/translation';
import { problemOf } from '../../core/asker';
import { make } from '../../core/elements';
import { statusMark } from '../../core/status-mark';
import type { MissedRun } from './missed-runs';

/** A quiet line that offers the output of a run that ended while its notebook was closed; gone once it is shown. */
export function missedOffer(run: MissedRun, show: () => Promise<void>, trans: TranslationBundle): HTMLElement {
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
    make('span', {}, `${wordsFor(run, trans)} · `),
    button,
    dismiss,
    problem,
  );
  return element;
}

function wordsFor({ name, run_id, status }: MissedRun, trans: TranslationBundle): string {
  const id = run_id.slice(-5);
  switch (status) {
    case 'finished':
      return trans.__('%1 (%2) finished while this notebook was closed', name, id);
    case 'failed':
      return trans.__('%1 (%2) failed while this notebook was closed', name, id);
    default:
      return trans.__('%1 (%2) was interrupted while this notebook was closed', name, id);
  }
}
