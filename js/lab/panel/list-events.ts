import { rowAfter } from '../../core/row-keys';
import type { Written } from '../../core/table/run-editors';
import type { Undo } from '../../core/undo';
import type { Page } from '../../core/view';
import { type Choice, choose, type Manner } from './choosing';
import type { ListActs } from './run-list';

interface ListParts extends ListActs {
  order(): readonly string[];
  /** Makes a row the one that the keyboard is at. */
  goTo(id: string): void;
  write(run: string, what: Written): void;
}

/** Choosing runs by pointer and keyboard, starring and pinning them, opening them and the menu. Returns the undo. */
export function listenToList(element: HTMLElement, page: Page, parts: ListParts): Undo {
  const stop = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(name: K, handle: (event: HTMLElementEventMap[K]) => void): void =>
    element.addEventListener(name, handle, { signal: stop.signal });
  const { marks, selection, table } = page;
  let anchor: string | null = null;

  const take = (run: string, manner: Manner): void => {
    const before: Choice = { chosen: selection.ticked.value, anchor };
    const { chosen, anchor: next } = choose(parts.order(), before, run, manner);
    anchor = next;
    selection.ticked.value = chosen;
  };
  const press = (target: Element, run: string): boolean => {
    if (target.closest('.trackside-star')) {
      void marks.toggleStar(run);
    } else if (target.closest('.trackside-pin')) {
      void marks.setBaseline(table.value.baseline === run ? null : run);
    } else if (target.closest('.trackside-run-more')) {
      openMenu(target);
    } else {
      return target.closest('button, input') !== null;
    }
    return true;
  };
  on('click', (event) => {
    const [target, row] = [event.target as Element, rowAt(event.target)];
    const { group, run } = row?.dataset ?? {};
    if (group !== undefined) {
      parts.fold(group);
    } else if (run !== undefined && !press(target, run)) {
      row?.focus();
      take(run, event.shiftKey ? 'stretch' : event.ctrlKey || event.metaKey ? 'beside' : 'alone');
    }
  });
  on('focusin', (event) => {
    const { group, run } = rowAt(event.target)?.dataset ?? {};
    const id = run ?? group;
    if (id !== undefined) {
      parts.goTo(id);
    }
  });
  on('dblclick', (event) => {
    const run = rowAt(event.target)?.dataset['run'];
    if (run !== undefined && !(event.target as Element).closest('button, input')) {
      parts.open(run);
    }
  });
  // The host's menu is about the chosen runs.
  on('contextmenu', (event) => {
    const run = rowAt(event.target)?.dataset['run'];
    if (run !== undefined) {
      parts.goTo(run);
      if (!selection.ticked.value.has(run)) {
        take(run, 'alone');
      }
    }
  });
  on('keydown', (event) => {
    const row = event.target instanceof HTMLElement && event.target.matches('[role="row"]') ? event.target : null;
    if (row !== null && handleKey(row, event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  const handleKey = (row: HTMLElement, event: KeyboardEvent): boolean => {
    const { group, run } = row.dataset;
    const next = neighbour(element, row, event.key);
    if (next !== null) {
      next.focus();
      if (event.shiftKey && next.dataset['run'] !== undefined) {
        anchor ??= run ?? null;
        take(next.dataset['run'], 'stretch');
      }
      return true;
    }
    if (group !== undefined) {
      const isOpen = row.getAttribute('aria-expanded') === 'true';
      const isFold = { Enter: true, ' ': true, ArrowRight: !isOpen, ArrowLeft: isOpen }[event.key] ?? false;
      if (isFold) {
        parts.fold(group);
      }
      return isFold;
    }
    return run !== undefined && handleRunKey(run, row, event);
  };
  const handleRunKey = (run: string, row: HTMLElement, event: KeyboardEvent): boolean => {
    if (event.key === ' ') {
      take(run, event.shiftKey ? 'stretch' : 'beside');
    } else if (event.key === 'Enter') {
      parts.open(run);
    } else if (event.key === 'Escape' && selection.ticked.value.size > 0) {
      selection.ticked.value = new Set();
    } else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) {
      selection.ticked.value = new Set(parts.order());
    } else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      openMenu(row);
    } else {
      return false;
    }
    return true;
  };
  return () => stop.abort();
}

function rowAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[role="row"]') : null;
}

/** The row that a key leads to; null for any other key. */
function neighbour(list: HTMLElement, row: HTMLElement, key: string): HTMLElement | null {
  const rows = [...list.children] as HTMLElement[];
  const to = rowAfter(key, rows.indexOf(row), rows.length);
  return to === null ? null : (rows[to] ?? null);
}

/** Opens the host's menu about a row, below an element. */
export function openMenu(row: Element, below: Element = row): void {
  const { left, bottom } = below.getBoundingClientRect();
  row.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: left, clientY: bottom }));
}
