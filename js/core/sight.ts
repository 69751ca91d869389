import { type Undo, undoAll } from './undo';

/** Tells whether an element can be seen: that it is not scrolled away or put behind others, nor the page itself. */
export function followSight(element: Element, told: (isSeen: boolean) => void): Undo {
  let isIntersecting: boolean | undefined;
  const tell = (): void => {
    if (isIntersecting !== undefined) {
      told(isIntersecting && document.visibilityState !== 'hidden');
    }
  };
  const observer = new IntersectionObserver((entries) => {
    isIntersecting = entries.at(-1)?.isIntersecting ?? false;
    tell();
  });
  observer.observe(element);
  document.addEventListener('visibilitychange', tell);
  return undoAll([() => observer.disconnect(), () => document.removeEventListener('visibilitychange', tell)]);
}
