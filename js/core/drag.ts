/** Follows the pointer from where it was put down until it is let go, or taken away: then it was let go where it was last. */
export function followPointer(
  element: HTMLElement,
  down: PointerEvent,
  moved: (event: PointerEvent, final: boolean) => void,
): void {
  const done = new AbortController();
  element.setPointerCapture(down.pointerId);
  let last = down;
  const move = (event: PointerEvent): void => {
    last = event;
    moved(event, false);
  };
  const end = (event: PointerEvent): void => {
    done.abort();
    moved(event.type === 'pointercancel' ? last : event, true);
  };
  element.addEventListener('pointermove', move, { signal: done.signal });
  element.addEventListener('pointerup', end, { signal: done.signal });
  element.addEventListener('pointercancel', end, { signal: done.signal });
}
