import './cell-mark.css';
import type { TranslationBundle } from '@jupyterlab/translation';
import { make } from '../../core/elements';
import { statusMark } from '../../core/status-mark';
import type { CellRuns } from '../../core/wire';

/** Draws the mark of a cell that has runs: how many, how the last one went, and how its main metric changed. */
export function cellMark(runs: CellRuns, show: () => void, trans: TranslationBundle): HTMLElement {
  const words = describeRuns(runs, trans);
  const button = make(
    'button',
    {
      type: 'button',
      'aria-label': words,
      title: words,
      // Else the notebook takes Enter and Space for itself.
      'data-lm-suppress-shortcuts': 'true',
      click: show,
    },
    make('span', { 'data-status': runs.status }, statusMark(runs.status)),
    make('span', { class: 'trackside-cell-count' }, String(runs.run_ids.length)),
    ...(runs.change
      ? [make('span', { class: 'trackside-cell-change', 'data-tone': runs.tone ?? 'plain' }, runs.change)]
      : []),
  );
  return make('div', { class: 'trackside-cell-mark' }, button);
}

function describeRuns({ run_ids, status, said, change }: CellRuns, trans: TranslationBundle): string {
  const count = trans._n('%1 run of this cell', '%1 runs of this cell', run_ids.length, run_ids.length);
  const last = trans.__('the last one: %1', status);
  const against = change === '=' ? trans.__('as in the run before') : trans.__('%1 to the run before', change);
  return [`${count}; ${last}`, said, change && against].filter(Boolean).join(', ');
}
