/** Calls `draw`, which may make all elements below `root` anew, and gives the focus back to the one that had it. */
export function keepFocus(root: HTMLElement, draw: () => void): void {
  const focused = document.activeElement;
  const before = focused !== null && root.contains(focused) ? placeOf(focused) : null;
  draw();
  if (before !== null && !root.contains(document.activeElement)) {
    root.querySelector<HTMLElement>(before)?.focus({ preventScroll: true });
  }
}

/** Where an element stands, as a selector: within a row, or within a column's head. */
function placeOf(element: Element): string | null {
  const owner = element.closest<HTMLElement>('[data-row], [data-key]');
  if (owner === null) {
    return null;
  }
  const { row, key } = owner.dataset;
  const place = row === undefined ? `[data-key="${CSS.escape(key ?? '')}"]` : `[data-row="${CSS.escape(row)}"]`;
  const kind = element.classList[0];
  return element === owner ? place : `${place} ${element.localName}${kind ? `.${kind}` : ''}`;
}
