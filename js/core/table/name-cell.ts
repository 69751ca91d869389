import { runColour } from '../colours';
import { make } from '../elements';
import { SIGN } from '../incomparable';
import { runName } from '../runs';
import type { RunTable } from '../wire';
import { type Icon, icon } from './icons';
import type { RowContext } from './row-context';

const KEYS = 'Keys: space ticks, p pins, v puts out of sight';
const WRITING_KEYS = ', s stars, Enter renames, n writes a note, t tags';

/** The first cell of a run: what it is called, and what can be done with it. */
export function nameCell(context: RowContext, run: string, at: number): HTMLElement {
  const { table, baselineRow, causes, unseen, isMarkable } = context;
  const name = runName(run, table);
  const isUnseen = unseen.has(run);
  const isPinned = at === baselineRow;
  const pinWords = isPinned ? `Stop comparing with ${name}` : `Compare the others with ${name}`;
  const swatch = make('span', { class: 'trackside-swatch', 'aria-hidden': 'true' });
  swatch.style.background = runColour(run, table);
  const line = make(
    'div',
    { class: 'trackside-name-line' },
    make('input', { type: 'checkbox', tabindex: '-1', 'aria-label': `Tick ${name}` }),
    swatch,
    make('span', { class: 'trackside-label' }, name),
    ...repeatNote(table, at),
    ...incomparableNote(causes.get(run)),
    ...(run === table.baseline ? [baselineBadge()] : []),
    make(
      'span',
      { class: 'trackside-row-buttons' },
      rowButton('eye', isUnseen ? `Draw ${name} again` : `Draw ${name} in no panel`, isUnseen),
      star(context, run, name),
      rowButton('pin', pinWords, isPinned),
    ),
  );
  const title = `${name}\n${KEYS}${isMarkable ? WRITING_KEYS : ''}`;
  return make('th', { scope: 'row', class: 'trackside-name', title, 'data-writes': 'name' }, line);
}

/** A button where a star can be kept, else the star itself. */
function star({ isMarkable, table }: RowContext, run: string, name: string): HTMLElement {
  const isStarred = table.starred?.includes(run) ?? false;
  if (isMarkable) {
    return rowButton('star', isStarred ? `Take the star from ${name}` : `Star ${name}`, isStarred);
  }
  const shown = { class: 'trackside-star', role: 'img', 'aria-label': 'starred', 'aria-pressed': 'true' };
  return isStarred ? make('span', shown, icon('star')) : make('span', { class: 'trackside-star' });
}

/** A button of a row, seen while the pointer is on it or it is pressed. */
export function rowButton(name: Icon, words: string, isPressed: boolean): HTMLElement {
  return make(
    'button',
    {
      type: 'button',
      tabindex: '-1',
      class: `trackside-${name}`,
      title: words,
      'aria-label': words,
      'aria-pressed': String(isPressed),
    },
    icon(name === 'eye' && isPressed ? 'closed eye' : name),
  );
}

/** "×3" on the run that stands for three; the others are not shown, or not said to be more than themselves. */
function repeatNote(table: RunTable, at: number): HTMLElement[] {
  const repeats = table.repeats?.[at] ?? 1;
  if (repeats < 2 || table.shown_anyway?.includes(table.run_ids[at] ?? '')) {
    return [];
  }
  const title = `${repeats} runs came out just like this one; the newest is shown`;
  return [make('span', { class: 'trackside-repeats', title }, `×${repeats}`)];
}

function incomparableNote(cause: string | undefined): HTMLElement[] {
  const title = `not comparable: ${cause}`;
  return cause === undefined
    ? []
    : [make('span', { class: 'trackside-apart', role: 'img', 'aria-label': title, title }, SIGN)];
}

function baselineBadge(): HTMLElement {
  return make('span', { class: 'trackside-badge', title: 'The run that others are held against' }, 'baseline');
}
