/** A value that tells its readers when it changes. Setting the same value again tells nobody. */
export class Observable<T> {
  #value: T;
  readonly #readers = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set value(next: T) {
    if (Object.is(next, this.#value)) {
      return;
    }
    this.#value = next;
    for (const read of [...this.#readers]) {
      read(next);
    }
  }

  /** Calls `read` on every change from now on; returns the undo. */
  subscribe(read: (value: T) => void): () => void {
    this.#readers.add(read);
    return () => this.#readers.delete(read);
  }
}
