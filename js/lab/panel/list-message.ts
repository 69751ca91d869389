import { make } from '../../core/elements';
import type { Observable } from '../../core/observable';
import { countHidden } from '../../core/tidy-bar';
import type { Page } from '../../core/view';
import { countFacets, NO_FACETS } from './facets';
import type { ListHost } from './list-view';
import type { PanelState } from './panel-state';

type Said = readonly (Node | string)[];

/** Why the list is empty or not up to date, and what can be done about it; null where there is nothing to say. */
export function listMessage(
  { state: view, table }: Page,
  isLoaded: boolean,
  problem: string | null,
  { shown, hiddenMatches }: { readonly shown: number; readonly hiddenMatches: number },
  { trans }: ListHost,
  state: Observable<PanelState>,
): Said | null {
  if (problem !== null) {
    return [make('span', { class: 'trackside-problem' }, problem)];
  }
  if (!isLoaded) {
    return [trans.__('Loading runs…')];
  }
  if (shown > 0) {
    return null;
  }
  const hidden = countHidden(table.value);
  if (table.value.run_ids.length === 0 && hidden === 0) {
    return [trans.__('No runs yet: put '), make('code', {}, '%%track'), trans.__(' on top of a cell and run it.')];
  }
  const { facets, filter } = state.value;
  const clear = make('button', { type: 'button', class: 'trackside-link' }, trans.__('Clear filters'));
  clear.addEventListener('click', () => {
    view.value = { ...view.value, filter: '' };
    state.value = { ...state.value, filter: '', facets: NO_FACETS };
  });
  if (facets.place === 'dropped' && filter === '' && countFacets(facets) === 1) {
    return [trans.__('The bin is empty.'), ' ', clear];
  }
  if (hiddenMatches > 0 && (filter !== '' || countFacets(facets) > 0)) {
    const words = trans._n('%1 hidden run passes the filters.', '%1 hidden runs pass the filters.', hiddenMatches);
    const show = (): void => {
      state.value = { ...state.value, facets: { ...facets, place: 'all' } };
    };
    const button = make('button', { type: 'button', class: 'trackside-link', click: show }, trans.__('Show'));
    return [words, ' ', button, ' · ', clear];
  }
  if (filter !== '' || countFacets(facets) > 0) {
    return [trans.__('No run passes the filters.'), ' ', clear];
  }
  return [
    trans._n(
      'The only run is hidden.',
      'All %1 runs are hidden: they repeat others, failed at once, or were put away.',
      hidden,
    ),
  ];
}
