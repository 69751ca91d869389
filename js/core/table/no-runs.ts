import { make } from '../elements';
import { countHidden } from '../tidy-bar';
import type { Page } from '../view';

/** Why a table has no rows at all, and what to do about it. */
export function noRunsMessage({ marks, state, table }: Page): HTMLElement {
  const hidden = countHidden(table.value);
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
