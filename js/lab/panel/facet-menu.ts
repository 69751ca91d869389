import type { TranslationBundle } from '@jupyterlab/translation';
import { chooser } from '../../core/controls';
import { make } from '../../core/elements';
import { popover } from '../../core/popover';
import { groupableColumns } from '../../core/table/groups';
import { knownTags } from '../../core/tags';
import type { Undo } from '../../core/undo';
import type { Page } from '../../core/view';
import { countFacets, type Facets, HOURS, NO_FACETS, type Place, STATUSES } from './facets';

/** What the menu shows and changes. */
export interface FacetChoice {
  readonly facets: Facets;
  readonly groupBy: string | null;
}

/** A button that opens what can be chosen of runs: their status, tags, age, where they lie, how they are grouped. */
export function facetMenu(
  page: Page,
  read: () => FacetChoice,
  change: (choice: Partial<FacetChoice>) => void,
  trans: TranslationBundle,
): { element: HTMLElement; show: () => void; dispose: Undo } {
  const set = (facets: Partial<Facets>): void => change({ facets: { ...read().facets, ...facets } });
  const names: Record<string, string> = { '1': trans.__('last hour'), '24': trans.__('last 24 hours') };
  const statuses = STATUSES.map((status) =>
    checkbox(status, (isOn) => set({ statuses: toggled(read().facets.statuses, status, isOn) })),
  );
  const starred = checkbox(trans.__('starred'), (isOn) => set({ starred: isOn }));
  const tags = make('div', { class: 'trackside-facet-tags' });
  const time = chooser(trans.__('Begun'), (value) => set({ hours: value === '' ? null : Number(value) }));
  const place = chooser(trans.__('Where'), (value) => set({ place: value as Place }));
  const group = chooser(trans.__('Group by'), (value) => change({ groupBy: value }));
  const clear = make(
    'button',
    { type: 'button', class: 'trackside-link', click: () => change({ facets: NO_FACETS, groupBy: null }) },
    trans.__('Clear'),
  );
  const panel = make(
    'div',
    { class: 'trackside-popup trackside-facets', role: 'dialog', 'aria-label': trans.__('Filter and group runs') },
    section(
      trans.__('Status'),
      make('div', { class: 'trackside-facet-checks' }, ...statuses.map(({ element }) => element), starred.element),
    ),
    section(trans.__('Begun'), time.element),
    section(trans.__('Where'), place.element),
    section(trans.__('Group by'), group.element),
    section(trans.__('Tags'), tags),
    clear,
  );
  const menu = popover(trans.__('Filter'), trans.__('Filter by status, tag and time; group'), panel, () => {
    show();
    return statuses[0]?.input ?? null;
  });
  const show = (): void => {
    const { facets, groupBy } = read();
    for (const [at, status] of STATUSES.entries()) {
      const box = statuses[at];
      if (box) {
        box.input.checked = facets.statuses.includes(status);
      }
    }
    starred.input.checked = facets.starred;
    const hours = HOURS.map((each) => ({
      value: String(each),
      label: names[each] ?? trans.__('last %1 days', each / 24),
    }));
    time.show({ value: String(facets.hours ?? ''), choices: [{ value: '', label: trans.__('any time') }, ...hours] });
    place.show({
      value: facets.place,
      choices: [
        { value: 'list', label: trans.__('in the list') },
        { value: 'all', label: trans.__('anywhere, hidden too') },
        { value: 'archived', label: trans.__('archived') },
        { value: 'dropped', label: trans.__('in the bin') },
      ],
    });
    const columns = groupableColumns(page.table.value).map(({ key, name }) => ({ value: key, label: name }));
    const kept = groupBy !== null && groupBy !== '' && !columns.some(({ value }) => value === groupBy);
    const missing = kept ? [{ value: groupBy, label: groupBy.slice(groupBy.indexOf(':') + 1) }] : [];
    group.show({ value: groupBy ?? '', choices: [{ value: '', label: trans.__('nothing') }, ...columns, ...missing] });
    const known = [...new Set([...facets.tags, ...knownTags(page.table.value)])];
    tags.replaceChildren(...(known.length > 0 ? known.map(tagButton) : [trans.__('No run here has a tag.')]));
    const count = countFacets(facets) + Number(Boolean(groupBy));
    menu.button.textContent = count > 0 ? trans.__('Filter (%1)', count) : trans.__('Filter');
    menu.button.toggleAttribute('data-chosen', count > 0);
    clear.hidden = count === 0;
  };
  const tagButton = (tag: string): HTMLElement => {
    const isOn = read().facets.tags.includes(tag);
    const spelt = tag.endsWith('=') ? trans.__('any %1', tag.slice(0, -1)) : tag;
    const attributes = { type: 'button', class: 'trackside-chip', 'aria-pressed': String(isOn) };
    return make(
      'button',
      { ...attributes, click: () => set({ tags: toggled(read().facets.tags, tag, !isOn) }) },
      spelt,
    );
  };
  show();
  return { element: menu.element, show, dispose: menu.dispose };
}

function toggled(values: readonly string[], value: string, isOn: boolean): string[] {
  const others = values.filter((each) => each !== value);
  return isOn ? [...others, value] : others;
}

function checkbox(word: string, changed: (isOn: boolean) => void): { element: HTMLElement; input: HTMLInputElement } {
  const input = make('input', { type: 'checkbox', change: () => changed(input.checked) });
  return { element: make('label', {}, input, word), input };
}

function section(title: string, ...children: HTMLElement[]): HTMLElement {
  return make(
    'div',
    { class: 'trackside-facet' },
    make('span', { class: 'trackside-facet-title' }, title),
    ...children,
  );
}
