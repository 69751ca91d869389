import type { Undo } from './undo';

/** JupyterLab looks for no shortcut where what has the focus says this; on what is around it, it would not see it. */
const OURS = 'data-lm-suppress-shortcuts';

/**
 * Keeps keys pressed within `element` from the host, which would cut a cell on an x: all but those with Ctrl, Cmd or Alt,
 * Tab and Escape. It is said before the host hears of the key: JupyterLab does so on the key's way up, Notebook on its
 * way down.
 */
export function keepKeys(element: HTMLElement): Undo {
  const mark = (event: KeyboardEvent): void => {
    const { target } = event;
    if (target instanceof Element && element.contains(target)) {
      target.toggleAttribute(OURS, !isForHost(event));
    }
  };
  window.addEventListener('keydown', mark, true);
  return () => window.removeEventListener('keydown', mark, true);
}

/** Keys that are moved or deleted with are ours with Ctrl, too: in JupyterLab they move and merge cells. */
function isForHost({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  const isMove = key.startsWith('Arrow') || key === 'Backspace' || key === 'Delete';
  return key === 'Tab' || key === 'Escape' || ((ctrlKey || metaKey || altKey) && !isMove);
}
