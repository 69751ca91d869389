import './show-over.css';
import type { Undo } from './undo';

const GAP = 4;

/**
 * Shows a panel over all else, below `anchor` or, where more room is there, above it: the end of a short output must not
 * cut it. It goes where its anchor is scrolled to. Returns the undo.
 */
export function showOver(panel: HTMLElement, anchor: HTMLElement): Undo {
  if (!('showPopover' in panel)) {
    return () => undefined; // an older browser: it stands where the styles place it
  }
  const place = (): void => {
    const { left, top, bottom } = anchor.getBoundingClientRect();
    const [above, below] = [top - 2 * GAP, window.innerHeight - bottom - 2 * GAP];
    const isBelow = below >= Math.min(panel.scrollHeight, above);
    Object.assign(panel.style, {
      left: `${Math.max(GAP, Math.min(left, window.innerWidth - panel.offsetWidth - GAP))}px`,
      top: isBelow ? `${bottom + GAP}px` : 'auto',
      bottom: isBelow ? 'auto' : `${window.innerHeight - top + GAP}px`,
      maxHeight: `${isBelow ? below : above}px`,
    });
  };
  panel.setAttribute('popover', 'manual');
  panel.showPopover();
  place();
  const stop = new AbortController();
  document.addEventListener('scroll', place, { capture: true, passive: true, signal: stop.signal });
  window.addEventListener('resize', place, { signal: stop.signal });
  return () => {
    stop.abort();
    if (panel.isConnected) {
      panel.hidePopover();
    }
  };
}
