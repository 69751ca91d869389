import type { TranslationBundle } from '@jupyterlab/translation';
import { make } from '../../core/elements';
import type { Experiment, Experiments } from '../../core/wire';
import type { Chosen } from './panel-state';
import type { Places } from './places';

const FOLLOW = '';

/** A list from which the notebook's experiment, another one of its store, or another store is chosen. */
export interface Picker {
  readonly element: HTMLSelectElement;
  show(places: Places, chosen: Chosen | null, experiments: Experiments | null): void;
}

/** Makes the list; `picked` is told null where the notebook in front is to be followed. */
export function picker(picked: (chosen: Chosen | null) => void, trans: TranslationBundle): Picker {
  const words = trans.__('Which runs are shown');
  const element = make('select', { class: 'trackside-picker', 'aria-label': words, title: words });
  element.addEventListener('change', () => picked(element.value === FOLLOW ? null : JSON.parse(element.value)));
  let before = '';
  const show = (places: Places, chosen: Chosen | null, experiments: Experiments | null): void => {
    const now = JSON.stringify([places.path, places.here, places.about?.places, chosen, experiments]);
    if (now === before) {
      return;
    }
    before = now;
    const store = chosen?.store ?? places.here?.store ?? '';
    const all: Chosen = { store, project: null, experiment: null };
    const options = [
      group(trans.__('Notebook in front'), [option(FOLLOW, followed(places, trans))]),
      group(trans.__('Experiments of this store'), [
        ...(store === '' ? [] : [option(JSON.stringify(all), trans.__('All experiments'))]),
        ...(experiments?.experiments ?? []).map((each) =>
          option(JSON.stringify(chosenOf(store, each)), labelOf(each, trans)),
        ),
        ...(experiments?.more ? [option('more', trans.__('… and %1 older ones', experiments.more), true)] : []),
      ]),
      group(
        trans.__('Other stores'),
        [...otherStores(places, store)].map(([other, folder]) =>
          option(JSON.stringify({ store: other, project: null, experiment: null } satisfies Chosen), folder),
        ),
      ),
    ];
    element.replaceChildren(...options.filter(({ children }) => children.length > 0));
    const value = chosen === null ? FOLLOW : JSON.stringify(chosen);
    if (![...element.options].some((each) => each.value === value)) {
      element.append(option(value, nameOf(chosen, trans)));
    }
    element.value = value;
  };
  return { element, show };
}

/** The stores that the server has found but for one, each once with its folder: several notebooks may have one. */
function otherStores({ about }: Places, store: string): Map<string, string> {
  const others = (about?.places ?? []).filter((place) => place.store !== store && place.exists);
  return new Map(others.map((place) => [place.store, place.folder]));
}

function followed({ path, here }: Places, trans: TranslationBundle): string {
  if (here === null) {
    return path ?? trans.__('no notebook is open');
  }
  return path === null ? trans.__('all experiments (no notebook is open)') : here.experiment;
}

function nameOf(chosen: Chosen | null, trans: TranslationBundle): string {
  return chosen?.run_ids === undefined
    ? (chosen?.experiment ?? trans.__('All experiments'))
    : trans._n('%1 run of a cell', '%1 runs of a cell', chosen.run_ids.length);
}

function labelOf({ name, runs, running }: Experiment, trans: TranslationBundle): string {
  const count = trans._n('%1 run', '%1 runs', runs);
  return running > 0 ? `${name} · ${count} · ${trans.__('%1 running', running)}` : `${name} · ${count}`;
}

function chosenOf(store: string, { project, name }: Experiment): Chosen {
  return { store, project, experiment: name };
}

function group(label: string, options: readonly HTMLElement[]): HTMLOptGroupElement {
  return make('optgroup', { label }, ...options);
}

function option(value: string, label: string, disabled = false): HTMLOptionElement {
  return make('option', { value, disabled }, label);
}
