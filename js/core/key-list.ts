import './key-list.css';
import { make } from './elements';
import { type Popover, popover } from './popover';
import { undoAll } from './undo';

/** What the keys do, by what has the focus. */
const KEYS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'A row of the table': [
    ['↑ ↓ PgUp PgDn Home End', 'go to another row'],
    ['Space', 'tick it; with Shift the rows in between, too'],
    ['s', 'star it'],
    ['p', 'pin it'],
    ['v', 'put it out of sight, or back'],
    ['Enter', 'rename it; open or close a group'],
    ['n', 'write a note'],
    ['t', 'tag it'],
    ['← →', 'close or open a group'],
  ],
  'A chart of a metric': [
    ['← → ↑ ↓', 'read values'],
    ['+ −', 'zoom'],
    ['0', 'show all'],
  ],
  'A parallel axis': [
    ['↑ ↓', 'brush it, move the brush; with Shift size it'],
    ['+', 'add a brush'],
    ['Delete', 'take the brush away; on the name, the axis'],
    ['← →', 'move the axis'],
    ['f', 'flip it'],
    ['l', 'log scale'],
  ],
  'The scatter': [
    ['← → ↑ ↓', 'go to the next run; with Shift brush a box'],
    ['Space', 'tick it'],
    ['p', 'pin it'],
  ],
  Everywhere: [
    ['?', 'show these keys'],
    ['Escape', 'leave what was begun; then, back to the cell'],
  ],
};

/** A button that lists the keys of the page; a question mark typed within `root` opens it, too. */
export function keyList(root: HTMLElement): Popover {
  const sections = Object.entries(KEYS).flatMap(([place, keys]) => [
    make('b', {}, place),
    make('dl', {}, ...keys.flatMap(([key, does]) => [make('dt', {}, key), make('dd', {}, does)])),
  ]);
  const attributes = { class: 'trackside-popup trackside-keys', role: 'dialog', 'aria-label': 'Keys', tabindex: '-1' };
  const panel = make('div', attributes, ...sections);
  const list = popover('?', 'Keys (?)', panel, () => panel);
  const open = (event: KeyboardEvent): void => {
    const isTyping = event.target instanceof Element && event.target.matches('input, textarea, select');
    if (event.key === '?' && !isTyping) {
      list.open(true);
    }
  };
  root.addEventListener('keydown', open);
  return { ...list, dispose: undoAll([list.dispose, () => root.removeEventListener('keydown', open)]) };
}
