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
  const said = make('span', { class: 'trackside-done', role: 'status' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (words: string): void => {
    said.textContent = words;
    clearTimeout(timer);
    timer = setTimeout(() => (said.textContent = ''), 4000);
  };
  const copy = async (format: CopyFormat): Promise<void> => {
    const copied = chooseCopied(shown(), selection.ticked.value);
    const count = copied.isGrouped ? copied.arrangement.groups.size : copied.runs.length;
    menu.open(false);
    const isCopied = await writeClipboard(copyText(copied, format));
    const things = `${count} ${copied.isGrouped ? 'group' : 'run'}${count === 1 ? '' : 's'}`;
    say(isCopied ? `${things} copied as ${format}` : 'The browser lets nothing be copied from here.');
  };
  const menu = popover('Copy ▾', 'Copy the ticked runs, else all shown', list, () => list.querySelector('button'));
  list.show(FORMATS.map(({ format, title }) => ({ label: format, title, act: () => void copy(format) })));
  const dispose = (): void => {
    clearTimeout(timer);
    menu.dispose();
  };
  return { element: make('span', { class: 'trackside-actions' }, menu.element, said), dispose };
}

/** Copies the ticked runs where some are, else the groups where there are any, else all runs. */
export function chooseCopied(shown: Shown, ticked: ReadonlySet<string>): Copied {
  const chosen = shown.runs.filter((run) => ticked.has(run));
  const isGrouped = chosen.length === 0 && shown.arrangement.column !== null;
  const columns = isGrouped ? shown.columns.filter((column) => column !== shown.arrangement.column) : shown.columns;
  return { ...shown, columns, runs: chosen.length > 0 ? chosen : shown.runs, isGrouped };
}

/** Where the page is not served securely there is no clipboard to write to: an old command still does. */
async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make('textarea', { style: 'position:fixed;opacity:0' });
    area.value = text;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    return isCopied;
  }
}
