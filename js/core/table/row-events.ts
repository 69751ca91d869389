import type { Observable } from '../observable';
import type { Undo } from '../undo';
import type { Page } from '../view';

const PAGE_OF_ROWS = 10;

/**
 * Hovering, ticking (shift-click for a stretch), starring, pinning and walking through rows with the keyboard. Returns
 * the undo.
 */
export function listenToRows(scroller: HTMLElement, page: Page, order: Observable<readonly string[]>): Undo {
  const { selection } = page;
  const stop = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(name: K, handle: (event: HTMLElementEventMap[K]) => void): void =>
    scroller.addEventListener(name, handle, { signal: stop.signal });
  let anchor: string | null = null;

  const tick = (run: string, isStretch: boolean): void => {
    const ticked = new Set(selection.ticked.value);
    const isTicked = !ticked.has(run);
    const runs = isStretch && anchor !== null ? stretch(order.value, anchor, run) : [run];
    for (const one of runs) {
      isTicked ? ticked.add(one) : ticked.delete(one);
    }
    anchor = run;
    selection.ticked.value = ticked;
  };
  const pin = (run: string): void => {
    selection.pinned.value = selection.pinned.value === run ? null : run;
  };

  on('pointerover', (event) => {
    selection.hovered.value = runAt(event.target);
  });
  on('pointerleave', () => {
    selection.hovered.value = null;
  });
  on('click', (event) => {
    const run = runAt(event.target);
    if (run === null || !(event.target instanceof Element)) {
      return;
    }
    if (event.target instanceof HTMLInputElement) {
      tick(run, event.shiftKey);
    } else if (event.target.closest('button.trackside-star')) {
      void page.marks.toggleStar(run);
    } else if (event.target.closest('.trackside-pin')) {
      pin(run);
    }
  });
  on('focusin', (event) => {
    const run = runAt(event.target);
    if (run !== null) {
      selection.hovered.value = run;
    }
  });
  on('keydown', (event) => {
    const run = runAt(event.target);
    if (run === null || !(event.target instanceof HTMLTableRowElement)) {
      return;
    }
    if (event.key === ' ') {
      tick(run, event.shiftKey);
    } else if (event.key === 'p') {
      pin(run);
    } else if (event.key === 's' && page.marks.possible) {
      void page.marks.toggleStar(run);
    } else if (!walk(scroller, event, order.value)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  return () => stop.abort();
}

/** The runs from one to another, in the table's order. */
export function stretch(order: readonly string[], from: string, to: string): string[] {
  const ends = [order.indexOf(from), order.indexOf(to)].sort((a, b) => a - b);
  const [low = -1, high = -1] = ends;
  return low < 0 ? [to] : order.slice(low, high + 1);
}

function runAt(target: EventTarget | null): string | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('tr[data-run]') : null;
  return row?.dataset['run'] ?? null;
}

function walk(scroller: HTMLElement, event: KeyboardEvent, order: readonly string[]): boolean {
  const from = order.indexOf(runAt(event.target) ?? '');
  const steps: Record<string, number> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + PAGE_OF_ROWS,
    PageUp: from - PAGE_OF_ROWS,
    Home: 0,
    End: order.length - 1,
  };
  const to = steps[event.key];
  if (to === undefined || order.length === 0) {
    return false;
  }
  focusRow(scroller, order, Math.min(order.length - 1, Math.max(0, to)));
  return true;
}

function focusRow(scroller: HTMLElement, order: readonly string[], at: number): void {
  const find = (): HTMLElement | undefined =>
    [...scroller.querySelectorAll<HTMLElement>('tr[data-run]')].find((row) => row.dataset['run'] === order[at]);
  if (find() === undefined) {
    const height = scroller.scrollHeight / Math.max(1, order.length);
    scroller.scrollTop = at * height;
    scroller.dispatchEvent(new Event('scroll'));
  }
  find()?.focus();
}
