const SHORTEST_MS = 400;
const LONGEST_MS = 10_000;
/** A pause is so many times as long as the work took: the machine that answers also trains. */
const PAUSE = 20;

/** Does one work again and again, never twice at once; between two lies a pause. */
export class Paced {
  readonly #work: () => Promise<void>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isWorking = false;
  #isWanted = false;
  #isDisposed = false;
  #earliest = Number.NEGATIVE_INFINITY;

  /** `work` must not reject. */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Does the work once the pause is over; told several times meanwhile it does it once. */
  soon(): void {
    this.#isWanted = true;
    clearTimeout(this.#timer);
    if (!this.#isWorking && !this.#isDisposed) {
      this.#timer = setTimeout(() => void this.#do(), Math.max(0, this.#earliest - performance.now()));
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
  }

  async #do(): Promise<void> {
    this.#isWorking = true;
    this.#isWanted = false;
    const began = performance.now();
    await this.#work();
    const ended = performance.now();
    this.#earliest = ended + Math.min(LONGEST_MS, Math.max(SHORTEST_MS, PAUSE * (ended - began)));
    this.#isWorking = false;
    if (this.#isWanted) {
      this.soon();
    }
  }
}
