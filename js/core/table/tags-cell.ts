import '../tags.css';
import { make } from '../elements';
import { spellTag, tagsAt } from '../tags';
import type { RowContext } from './row-context';

/** A run's tags, each with a button that takes it away where that can be kept. */
export function tagChips({ isMarkable, table }: RowContext, at: number): HTMLElement[] {
  return tagsAt(table, at).map((tag) => {
    const words = `Take the tag ${tag.key} away`;
    const attributes = { type: 'button', tabindex: '-1', class: 'trackside-untag', 'data-tag': tag.key, title: words };
    const remove = make('button', { ...attributes, 'aria-label': words }, '×');
    return make(
      'span',
      { class: 'trackside-chip', title: spellTag(tag) },
      spellTag(tag),
      ...(isMarkable ? [remove] : []),
    );
  });
}
