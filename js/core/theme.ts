import type { Ground } from './colours';

/** What a canvas needs to know of the page it stands on. */
export interface Theme {
  readonly ground: Ground;
  /** Text, as `r, g, b`; see `ink`. */
  readonly rgb: string;
  readonly font: string;
}

/** Black on white, for pictures that leave the page. */
export const PAPER: Theme = { ground: 'light', rgb: '32, 32, 32', font: 'system-ui, sans-serif' };

/** The text colour at some strength; everything but data is drawn in it. */
export function ink(theme: Theme, alpha = 1): string {
  return `rgba(${theme.rgb}, ${alpha})`;
}

/**
 * Reads the theme off an element; `before` itself where nothing changed. Only the colour of its text is asked for: in
 * every host that can be read, it is the opposite of the ground, whatever the host calls its variables.
 */
export function readTheme(element: Element, before: Theme | null = null): Theme {
  const style = getComputedStyle(element);
  const [red = 32, green = 32, blue = 32] = (style.color.match(/[\d.]+/g) ?? []).map(Number);
  const theme: Theme = {
    ground: 0.299 * red + 0.587 * green + 0.114 * blue > 128 ? 'dark' : 'light',
    rgb: `${red}, ${green}, ${blue}`,
    font: style.fontFamily || PAPER.font,
  };
  return before?.rgb === theme.rgb && before.font === theme.font ? before : theme;
}

/** Calls `changed` when the host or the system may have switched between light and dark; returns the undo. */
export function followTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  for (const root of [document.documentElement, document.body]) {
    observer.observe(root, { attributes: true });
  }
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    system.removeEventListener('change', changed);
  };
}

/** A rim around text, so that it can be read on top of lines. */
export function halo(theme: Theme): string {
  return theme.ground === 'dark' ? 'rgba(17, 17, 17, 0.85)' : 'rgba(255, 255, 255, 0.88)';
}
