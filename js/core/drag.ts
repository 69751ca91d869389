/** Follows the pointer from where it was put down until it is let go. */
export function followPointer(
  element: HTMLElement,
  down: PointerEvent,
  moved: (event: PointerEvent, final: boolean) => void,
): void {
  const done = new AbortController();
  element.setPointerCapture(down.pointerId);
  const move = (event: PointerEvent): void => moved(event, false);
  const end = (event: PointerEvent): void => {
    done.abort();
    moved(event, true);
  };
  element.addEventListener('pointermove', move, { signal: done.signal });
  element.addEventListener('pointerup', end, { signal: done.signal });
  element.addEventListener('pointercancel', end, { signal: done.signal });
}
