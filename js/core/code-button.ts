import './code-button.css';
import { briefNote } from './brief-note';
import { NOTHING_COPIED, writeClipboard } from './clipboard';
import { make } from './elements';
import type { Undo } from './undo';
import type { Page } from './view';

/** The event by which a page hands its host, bubbling, the code that makes it again; a host that takes it prevents the default. */
export const CODE_EVENT = 'trackside:code';

/** On an element around the page it says that its host puts the code into a cell: the button says so, too. */
export const TAKES_CODE = 'data-trackside-takes-code';

/** A button that puts the code of the view into a cell below it or, where no host takes it, copies it. */
export function codeButton({ source, state }: Pick<Page, 'source' | 'state'>): { element: HTMLElement; dispose: Undo } {
  const note = briefNote();
  const write = async (): Promise<void> => {
    try {
      const { text } = await source.ask({ ask: 'code', state: state.value });
      const offer = new CustomEvent<string>(CODE_EVENT, { bubbles: true, cancelable: true, detail: text });
      const isTaken = !element.dispatchEvent(offer);
      if (!isTaken) {
        note.say((await writeClipboard(text)) ? 'Code copied: paste it into a cell' : NOTHING_COPIED);
      }
    } catch (error) {
      note.say(error instanceof Error ? error.message : String(error));
    }
  };
  const title = 'The code that makes this view again: its runs, filters, axes and all else that is chosen';
  const button = make(
    'button',
    { type: 'button', title, click: () => void write() },
    make('span', { class: 'trackside-inserts' }, 'Insert code'),
    make('span', { class: 'trackside-copies' }, 'Copy code'),
  );
  const element = make('span', { class: 'trackside-code' }, note.element, button);
  return { element, dispose: note.dispose };
}
