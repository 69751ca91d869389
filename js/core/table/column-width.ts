import { make } from '../elements';
import type { Page } from '../view';
import type { ViewState } from '../wire';

const NARROWEST = 48;
const WIDEST = 900;

/** The state with another width of a column, in CSS pixels; null lets its texts decide. */
export function withWidth(state: ViewState, key: string, width: number | null): ViewState {
  const { [key]: _, ...others } = state.widths ?? {};
  const kept = width === null ? null : Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));
  return { ...state, widths: kept === null ? others : { ...others, [key]: kept } };
}

/** The edge of a column's head: dragging it makes the column wider, a double click as wide as its texts. */
export function widthHandle({ state }: Pick<Page, 'state'>, key: string): HTMLElement {
  const handle = make('span', { class: 'trackside-width', 'aria-hidden': 'true', draggable: 'true' });
  handle.title = 'Drag to make the column wider or narrower, double-click for its own width';
  // The head itself is dragged to be moved.
  handle.addEventListener('dragstart', (event) => {
    event.preventDefault();
    event.stopPropagation();
  });
  handle.addEventListener('dblclick', () => {
    state.value = withWidth(state.value, key, null);
  });
  handle.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    const head = handle.parentElement;
    const grid = head?.closest('table');
    const column = grid?.querySelector<HTMLElement>(`col[data-key="${CSS.escape(key)}"]`);
    if (!head || !grid || !column) {
      return;
    }
    const [from, before, sum] = [event.clientX, head.offsetWidth, Number.parseFloat(grid.style.width)];
    const stop = new AbortController();
    let width = before;
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener(
      'pointermove',
      ({ clientX }) => {
        width = Math.max(NARROWEST, before + clientX - from);
        column.style.width = `${width}px`;
        grid.style.width = `${sum + width - before}px`;
      },
      { signal: stop.signal },
    );
    const end = (): void => {
      stop.abort();
      if (width !== before) {
        state.value = withWidth(state.value, key, width);
      }
    };
    handle.addEventListener('pointerup', end, { signal: stop.signal });
    handle.addEventListener('pointercancel', end, { signal: stop.signal });
  });
  return handle;
}
