import type { Observable } from '../observable';
import { rowAfter } from '../row-keys';
import type { Undo } from '../undo';
import { toggleUnseen } from '../unseen';
import type { Page } from '../view';
import type { Arrangement } from './arrangement';
import type { Written } from './run-editors';

const WRITING_KEYS: Readonly<Record<string, Written>> = { Enter: 'name', F2: 'name', n: 'note', t: 'tag' };

/**
 * Hovering, ticking (shift-click for a stretch), starring, pinning, writing names, notes and tags, putting out of sight,
 * opening groups and walking through rows with the keyboard. Returns the undo.
 */
export function listenToRows(
  scroller: HTMLElement,
  page: Page,
  arrangement: Observable<Arrangement>,
  write: (run: string, what: Written) => void,
): Undo {
  const { selection, state } = page;
  const stop = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(name: K, handle: (event: HTMLElementEventMap[K]) => void): void =>
    scroller.addEventListener(name, handle, { signal: stop.signal });
  let anchor: string | null = null;

  const tick = (row: string, isStretch: boolean): void => {
    const { ids, groups } = arrangement.value;
    const runsOf = (id: string): readonly string[] => groups.get(id)?.runs ?? [id];
    const ticked = new Set(selection.ticked.value);
    const isTicked = !runsOf(row).every((run) => ticked.has(run));
    const rows = isStretch && anchor !== null ? stretch(ids, anchor, row) : [row];
    for (const run of rows.flatMap(runsOf)) {
      isTicked ? ticked.add(run) : ticked.delete(run);
    }
    anchor = row;
    selection.ticked.value = ticked;
  };
  const switchEye = (row: string): void => {
    toggleUnseen(page, arrangement.value.groups.get(row)?.runs ?? [row]);
  };
  const open = (group: string, isOpen: boolean): void => {
    const others = (state.value.open_groups ?? []).filter((other) => other !== group);
    state.value = { ...state.value, open_groups: isOpen ? [...others, group] : others };
  };
  const isOpen = (group: string): boolean => state.value.open_groups?.includes(group) ?? false;
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
    const row = rowAt(event.target);
    if (row === null || !(event.target instanceof Element)) {
      return;
    }
    if (event.target instanceof HTMLInputElement) {
      tick(row, event.shiftKey);
    } else if (event.target.closest('.trackside-fold')) {
      open(row, !isOpen(row));
    } else if (event.target.closest('.trackside-eye')) {
      switchEye(row);
    } else if (event.target.closest('button.trackside-star')) {
      void page.marks.toggleStar(row);
    } else if (event.target.closest('.trackside-pin')) {
      pin(row);
    } else if (event.target.closest('.trackside-untag')) {
      const tag = event.target.closest<HTMLElement>('.trackside-untag')?.dataset['tag'] ?? '';
      void page.marks.tag([row], tag, null);
    }
  });
  on('dblclick', (event) => {
    const run = runAt(event.target);
    if (run === null || !(event.target instanceof Element) || event.target.closest('button, input')) {
      return;
    }
    const what = event.target.closest<HTMLElement>('[data-writes]')?.dataset['writes'];
    if (what !== undefined && page.marks.possible) {
      write(run, what as Written);
    }
  });
  on('focusin', (event) => {
    const run = runAt(event.target);
    if (run !== null) {
      selection.hovered.value = run;
    }
  });
  /** Keys of a group's row. Returns whether it was one. */
  const handleGroup = (group: string, key: string): boolean => {
    const wanted = { ArrowRight: true, ArrowLeft: false, Enter: !isOpen(group) }[key];
    if (wanted === undefined) {
      return false;
    }
    open(group, wanted);
    return true;
  };
  const handleRun = (run: string, key: string): boolean => {
    if (key === 'p') {
      pin(run);
    } else if (key in WRITING_KEYS && page.marks.possible) {
      write(run, WRITING_KEYS[key] ?? 'name');
    } else if (key === 's' && page.marks.possible) {
      void page.marks.toggleStar(run);
    } else {
      return false;
    }
    return true;
  };
  on('keydown', (event) => {
    const row = rowAt(event.target);
    if (row === null || !(event.target instanceof HTMLTableRowElement)) {
      return;
    }
    const handle = arrangement.value.groups.has(row) ? handleGroup : handleRun;
    if (event.key === ' ') {
      tick(row, event.shiftKey);
    } else if (event.key === 'v') {
      switchEye(row);
    } else if (!handle(row, event.key) && !walk(scroller, event, arrangement.value.ids)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  return () => stop.abort();
}

/** The rows from one to another, in the table's order. */
export function stretch(order: readonly string[], from: string, to: string): string[] {
  const ends = [order.indexOf(from), order.indexOf(to)].sort((a, b) => a - b);
  const [low = -1, high = -1] = ends;
  return low < 0 ? [to] : order.slice(low, high + 1);
}

function rowAt(target: EventTarget | null): string | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('tr[data-row]') : null;
  return row?.dataset['row'] ?? null;
}

function runAt(target: EventTarget | null): string | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('tr[data-run]') : null;
  return row?.dataset['run'] ?? null;
}

function walk(scroller: HTMLElement, event: KeyboardEvent, order: readonly string[]): boolean {
  const from = order.indexOf(rowAt(event.target) ?? '');
  const to = rowAfter(event.key, from, order.length);
  if (to === null) {
    return false;
  }
  focusRow(scroller, order, to);
  return true;
}

function focusRow(scroller: HTMLElement, order: readonly string[], at: number): void {
  const find = (): HTMLElement | undefined =>
    [...scroller.querySelectorAll<HTMLElement>('tr[data-row]')].find((row) => row.dataset['row'] === order[at]);
  if (find() === undefined) {
    const height = scroller.scrollHeight / Math.max(1, order.length);
    scroller.scrollTop = at * height;
    scroller.dispatchEvent(new Event('scroll'));
  }
  find()?.focus();
}
