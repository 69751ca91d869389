import './tags.css';
import { demand } from './demand';
import { make } from './elements';
import { type Popover, popover } from './popover';
import { tagInput } from './tag-input';
import { countTags, parseTag, TAG_WANTED } from './tags';
import type { Page } from './view';

/** A button that opens a box in which the ticked runs are tagged, or lose a tag that some of them have. */
export function tagBox({ marks, selection, table }: Page): Popover {
  const { input, list, offer } = tagInput('Tag for the ticked runs');
  const form = make('form', { class: 'trackside-save' }, input, make('button', { type: 'submit' }, 'Tag'));
  const chips = make('div', { class: 'trackside-chips' });
  const panel = make(
    'div',
    { class: 'trackside-popup trackside-tag-box', role: 'dialog', 'aria-label': 'Tag the ticked runs' },
    form,
    list,
    chips,
  );
  const say = (key: string, value: string | null): void => {
    menu.open(false);
    const runs = table.value.run_ids.filter((run) => selection.ticked.value.has(run));
    void marks.tag(runs, key, value);
  };
  const menu = popover('Tag', 'Tag the ticked runs', panel, () => {
    offer(table.value);
    chips.replaceChildren(...[...countTags(table.value, selection.ticked.value)].map(chip));
    return input;
  });
  const chip = ([key, count]: [string, number]): HTMLElement => {
    const words = `Take ${key} from ${count} run${count === 1 ? '' : 's'}`;
    const remove = make(
      'button',
      { type: 'button', 'aria-label': words, title: words, click: () => say(key, null) },
      '×',
    );
    return make(
      'span',
      { class: 'trackside-chip', title: key },
      make('bdi', {}, key),
      make('small', {}, String(count)),
      remove,
    );
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const tag = parseTag(input.value);
    if (tag) {
      input.value = '';
      say(tag.key, tag.value);
    } else {
      demand(input, TAG_WANTED);
    }
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') {
      event.stopPropagation(); // the host must not take typing for its own shortcuts
    }
  });
  return menu;
}
