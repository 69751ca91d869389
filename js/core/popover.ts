import './popover.css';
import { make } from './elements';
import { showOver } from './show-over';
import type { Undo } from './undo';

/** A button, and what it opens below itself. */
export interface Popover {
  readonly element: HTMLElement;
  readonly button: HTMLElement;
  readonly panel: HTMLElement;
  open(isOpen: boolean): void;
  readonly dispose: Undo;
}

/** Makes a button that opens `panel`; Escape, or a press elsewhere, closes it. `opened` is told when it opens. */
export function popover(text: string, title: string, panel: HTMLElement, opened: () => HTMLElement | null): Popover {
  const attributes = { type: 'button', title, 'aria-haspopup': panel.getAttribute('role') ?? 'true' };
  const button = make(
    'button',
    { ...attributes, 'aria-expanded': 'false', click: () => open(panel.hidden === true) },
    text,
  );
  const element = make('span', { class: 'trackside-menu' }, button, panel);
  panel.hidden = true;
  let stopShowing: Undo = () => undefined;
  const show = (isOpen: boolean): void => {
    stopShowing();
    panel.hidden = !isOpen;
    stopShowing = isOpen ? showOver(panel, button) : () => undefined;
    button.setAttribute('aria-expanded', String(isOpen));
  };
  const open = (isOpen: boolean): void => {
    show(isOpen);
    (isOpen ? opened() : button)?.focus();
  };
  const closeOutside = (event: Event): void => {
    if (!panel.hidden && event.target instanceof Node && !element.contains(event.target)) {
      show(false);
    }
  };
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !panel.hidden) {
      event.stopPropagation();
      open(false);
    }
  });
  document.addEventListener('pointerdown', closeOutside);
  const dispose = (): void => {
    stopShowing();
    document.removeEventListener('pointerdown', closeOutside);
  };
  return { element, button, panel, open, dispose };
}

/** An entry of a menu. */
export interface MenuEntry {
  readonly label: string;
  readonly title?: string;
  /** Whether it is the one of several that holds; left out where that says nothing. */
  readonly isChosen?: boolean;
  readonly act: () => void;
}

/** The entries of a menu as buttons; the arrow keys walk through them. */
export function menuList(label: string): HTMLElement & { show(entries: readonly MenuEntry[]): void } {
  const list = make('div', { class: 'trackside-popup', role: 'menu', 'aria-label': label });
  list.addEventListener('keydown', (event) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    const buttons = [...list.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (step !== undefined && buttons.length > 0) {
      event.preventDefault();
      event.stopPropagation();
      buttons[(at + step + buttons.length) % buttons.length]?.focus();
    }
  });
  return Object.assign(list, {
    show(entries: readonly MenuEntry[]): void {
      list.replaceChildren(...entries.map(menuButton));
    },
  });
}

function menuButton({ label, title, isChosen, act }: MenuEntry): HTMLElement {
  const attributes = {
    type: 'button',
    role: isChosen === undefined ? 'menuitem' : 'menuitemradio',
    'aria-checked': isChosen !== undefined && String(isChosen),
    title: title ?? false,
    click: act,
  };
  return make('button', attributes, label);
}
