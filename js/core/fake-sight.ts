import { vi } from 'vitest';

/** Stands for the browser, which tells what is in sight; returns what tells it to the newest that listens. */
export function stubSight(): (isSeen: boolean) => void {
  let read: (entries: { isIntersecting: boolean }[]) => void = () => undefined;
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe = vi.fn();
      disconnect = vi.fn();
      constructor(listener: typeof read) {
        read = listener;
      }
    },
  );
  return (isIntersecting) => read([{ isIntersecting }]);
}
