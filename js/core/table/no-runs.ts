import { make } from '../elements';
import { countHidden } from '../tidy-bar';
import type { Page } from '../view';
import type { RunTable } from '../wire';

/** Why a table has no rows at all, and what to do about it. */
export function noRunsMessage({ marks, state, table }: Page): HTMLElement {
  const hidden = countHidden(table.value);
  const left = nonePasses(table.value);
  if (left !== null) {
    return make('span', {}, left);
  }
  if (hidden === 0) {
    return make('span', {}, 'No runs yet: put ', make('code', {}, '%%track'), ' on top of a cell and run it.');
  }
  const words = hidden === 1 ? 'The only run is hidden' : `All ${hidden} runs are hidden`;
  if (!marks.possible) {
    return make('span', {}, `${words}: `, make('code', {}, 'ts.runs(include_hidden=True)'), ' shows them.');
  }
  const show = make(
    'button',
    {
      type: 'button',
      class: 'trackside-link',
      click: () => {
        state.value = { ...state.value, include_hidden: true };
      },
    },
    'Show them',
  );
  return make('span', {}, `${words}. `, show);
}

/** What is said of runs none of which fulfils the condition that Python was given; null where that is not so. */
export function nonePasses({ run_ids, total }: RunTable): string | null {
  if (run_ids.length > 0 || total === 0) {
    return null;
  }
  return `No run passes the condition, of ${total.toLocaleString('en')} run${total === 1 ? '' : 's'}.`;
}
