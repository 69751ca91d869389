/** Calls back once an element comes into sight: what nobody looks at is not loaded. */
export class FirstSight {
  readonly #waiting = new Map<Element, () => void>();
  readonly #observer = new IntersectionObserver((entries) => this.#onSeen(entries), { rootMargin: '200px' });

  once(element: Element, seen: () => void): void {
    this.#waiting.set(element, seen);
    this.#observer.observe(element);
  }

  forget(element: Element): void {
    this.#waiting.delete(element);
    this.#observer.unobserve(element);
  }

  dispose(): void {
    this.#observer.disconnect();
    this.#waiting.clear();
  }

  #onSeen(entries: readonly IntersectionObserverEntry[]): void {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) {
        const seen = this.#waiting.get(target);
        this.forget(target);
        seen?.();
      }
    }
  }
}
