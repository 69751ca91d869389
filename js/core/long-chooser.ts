import { type Choice, type Control, chooser } from './controls';
import { make } from './elements';
import { popover } from './popover';
import { hasWords } from './search';
import type { Undo } from './undo';

/** A list that is longer is searched rather than read. */
const LONG = 12;
const SEARCH = 'Search this list';

/** A drop-down list that can be searched where it is long. */
export function longChooser(
  label: string,
  chosen: (value: string) => void,
): Control<{ value: string; choices: readonly Choice[] }> & { readonly dispose: Undo } {
  const select = chooser(label, chosen);
  const search = make('input', { type: 'search', placeholder: 'Find', 'aria-label': SEARCH });
  const list = make('ul', { 'aria-label': 'Found' });
  const panel = make(
    'div',
    { class: 'trackside-popup trackside-views', role: 'dialog', 'aria-label': SEARCH },
    make('div', { class: 'trackside-save' }, search),
    list,
  );
  let all: readonly Choice[] = [];
  const menu = popover('⌕', SEARCH, panel, () => {
    search.value = '';
    show();
    return search;
  });
  menu.button.setAttribute('aria-label', SEARCH);
  const found = (): Choice[] => all.filter((choice) => hasWords(choice.label, search.value));
  const take = ({ value }: Choice): void => {
    menu.open(false);
    chosen(value);
  };
  const show = (): void => {
    const button = (choice: Choice): HTMLElement =>
      make('button', { type: 'button', click: () => take(choice) }, choice.label);
    list.replaceChildren(...found().map((choice) => make('li', {}, button(choice))));
  };
  search.addEventListener('input', show);
  search.addEventListener('keydown', (event) => {
    const [first] = found();
    if (event.key === 'Enter' && first !== undefined) {
      take(first);
    }
  });
  return {
    element: make('span', {}, select.element, menu.element),
    show(shown): void {
      all = shown.choices;
      menu.element.hidden = all.length <= LONG;
      select.show(shown);
    },
    dispose: menu.dispose,
  };
}
