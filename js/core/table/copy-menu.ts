import { briefNote } from '../brief-note';
import { NOTHING_COPIED, writeClipboard } from '../clipboard';
import { make } from '../elements';
import { menuList, popover } from '../popover';
import type { Undo } from '../undo';
import type { Page } from '../view';
import { type Copied, type CopyFormat, copyText, type Shown } from './copied';

const FORMATS: readonly { format: CopyFormat; title: string }[] = [
  { format: 'CSV', title: 'Numbers in full, for spreadsheets and pandas' },
  { format: 'Markdown', title: 'As shown, for notes and pull requests' },
  { format: 'LaTeX', title: 'As shown, a tabular with the rules of the package booktabs' },
];

/** A button that copies the rows and columns shown: the ticked runs where some are, else all that pass. */
export function copyMenu(
  { selection }: Pick<Page, 'selection'>,
  shown: () => Shown,
): { element: HTMLElement; dispose: Undo } {
  const list = menuList('Copy the table as');
  const note = briefNote();
  const copy = async (format: CopyFormat): Promise<void> => {
    const copied = chooseCopied(shown(), selection.ticked.value);
    const count = copied.isGrouped ? copied.arrangement.groups.size : copied.runs.length;
    menu.open(false);
    const isCopied = await writeClipboard(copyText(copied, format));
    const things = `${count} ${copied.isGrouped ? 'group' : 'run'}${count === 1 ? '' : 's'}`;
    note.say(isCopied ? `${things} copied as ${format}` : NOTHING_COPIED);
  };
  const menu = popover('Copy ▾', 'Copy the ticked runs, else all shown', list, () => list.querySelector('button'));
  list.show(FORMATS.map(({ format, title }) => ({ label: format, title, act: () => void copy(format) })));
  const dispose = (): void => {
    note.dispose();
    menu.dispose();
  };
  return { element: make('span', { class: 'trackside-actions' }, menu.element, note.element), dispose };
}

/** Copies the ticked runs where some are, else the groups where there are any, else all runs. */
export function chooseCopied(shown: Shown, ticked: ReadonlySet<string>): Copied {
  const chosen = shown.runs.filter((run) => ticked.has(run));
  const isGrouped = chosen.length === 0 && shown.arrangement.column !== null;
  const columns = isGrouped ? shown.columns.filter((column) => column !== shown.arrangement.column) : shown.columns;
  return { ...shown, columns, runs: chosen.length > 0 ? chosen : shown.runs, isGrouped };
}
