import { demand } from './demand';
import { make } from './elements';
import { popover } from './popover';
import type { Undo } from './undo';
import type { Page } from './view';
import type { SavedView, ViewsQuestion } from './wire';

/** A button that lists the views saved by name: take one up, save this one, forget one. Only a kernel has them. */
export function viewsMenu({ source, state }: Page): { element: HTMLElement; dispose: Undo } {
  const list = make('ul', { 'aria-label': 'Saved views' });
  const problem = make('div', { class: 'trackside-problem', role: 'status' });
  const name = make('input', { placeholder: 'Name', 'aria-label': 'Name of this view', maxlength: '80' });
  const save = make('button', { type: 'submit' }, 'Save');
  const form = make('form', { class: 'trackside-save' }, name, save);
  const panel = make(
    'div',
    { class: 'trackside-popup trackside-views', role: 'dialog', 'aria-label': 'Views' },
    list,
    form,
    problem,
  );
  const menu = popover('Views ▾', 'Filters, columns, axes and all else that was chosen, by name', panel, () => {
    void ask({ ask: 'views' });
    return name;
  });

  let names: readonly string[] = [];
  /** The name that was taken: entered once more, its view is replaced. */
  let taken: string | null = null;

  const ask = async (question: ViewsQuestion): Promise<void> => {
    try {
      show((await source.ask(question)).views);
      problem.textContent = '';
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const take = (view: SavedView): void => {
    state.value = { ...view.state, ticked: state.value.ticked ?? [] };
    menu.open(false);
  };
  const show = (views: readonly SavedView[]): void => {
    const forget = (view: SavedView): HTMLElement =>
      make(
        'button',
        {
          type: 'button',
          class: 'trackside-link',
          'aria-label': `Forget ${view.name}`,
          title: `Forget ${view.name}`,
          click: () => void ask({ ask: 'views', name: view.name, state: null }),
        },
        '×',
      );
    list.replaceChildren(
      ...views.map((view) =>
        make('li', {}, make('button', { type: 'button', click: () => take(view) }, view.name), forget(view)),
      ),
    );
    list.hidden = views.length === 0;
    names = views.map((view) => view.name);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const wanted = name.value.trim();
    if (wanted === '') {
      demand(name, 'Write a name for this view');
    } else if (names.includes(wanted) && taken !== wanted) {
      taken = wanted;
      problem.textContent = `There is a view "${wanted}": save once more to replace it`;
    } else {
      taken = null;
      void ask({ ask: 'views', name: name.value, state: state.value });
      name.value = '';
    }
  });
  name.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') {
      event.stopPropagation(); // the host must not take typing for its own shortcuts
    }
  });
  return menu;
}
