import { make } from '../elements';

/** How long one frame's share of the drawing may take, in milliseconds, so that the frame is still on time. */
const SHARE = 9;
/** The most segments drawn at a time, and the fewest. */
const MOST = 60_000;
const FEWEST = 1_500;

/**
 * A canvas whose drawing is spread over frames, so that the pointer is never waited for. What was there stays until the
 * new picture is whole; a picture asked for meanwhile comes next, and only the latest of those.
 */
export class Layer {
  readonly canvas = make('canvas', { class: 'trackside-layer', 'aria-hidden': 'true' });
  readonly #back = document.createElement('canvas');
  readonly #eye = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
  #next: ((context: CanvasRenderingContext2D) => Iterable<number>) | null = null;
  #steps: Iterator<number> | null = null;
  #madeOf: readonly unknown[] = [];
  #frame = 0;
  #budget = 6_000;
  #size = { width: 0, height: 0 };

  /** Sets the size in CSS pixels; the picture is stretched until the next one is there. */
  resize(width: number, height: number): void {
    this.#size = { width, height };
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
  }

  /**
   * Draws a new picture unless everything it is `madeOf` is what the last one was made of; `strokes` yields how many
   * segments each of its steps drew.
   */
  draw(madeOf: readonly unknown[], strokes: (context: CanvasRenderingContext2D) => Iterable<number>): void {
    if (madeOf.length === this.#madeOf.length && madeOf.every((part, at) => part === this.#madeOf[at])) {
      return;
    }
    this.#madeOf = madeOf;
    this.#next = strokes;
    if (this.#steps === null) {
      this.#step();
    }
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#steps = null;
    this.#next = null;
  }

  #step(): void {
    this.#steps ??= this.#begin();
    if (this.#steps === null) {
      return;
    }
    const start = performance.now();
    const { drawn, done } = this.#drawShare(this.#steps);
    if (done) {
      this.#steps = null;
      this.#show();
    } else {
      this.#flush();
    }
    this.#adapt(drawn, performance.now() - start);
    if (!done || this.#next !== null) {
      this.#frame = requestAnimationFrame(() => this.#step());
    }
  }

  /** Draws as much as fits into a frame. */
  #drawShare(steps: Iterator<number>): { drawn: number; done: boolean } {
    let drawn = 0;
    while (drawn < this.#budget) {
      const step = steps.next();
      if (step.done) {
        return { drawn, done: true };
      }
      drawn += step.value;
    }
    return { drawn, done: false };
  }

  /** Learns how much fits, slowly upwards: long lines take longer than short ones. */
  #adapt(drawn: number, took: number): void {
    if (drawn > 0) {
      const fits = (drawn * SHARE) / Math.max(0.1, took);
      this.#budget = Math.min(MOST, Math.max(FEWEST, Math.min(fits, this.#budget * 1.3)));
    }
  }

  /** Strokes are only noted down until someone looks at the canvas. Looking at one pixel has them drawn now. */
  #flush(): void {
    this.#eye.getContext('2d')?.drawImage(this.#back, 0, 0, 1, 1, 0, 0, 1, 1);
  }

  #begin(): Iterator<number> | null {
    const context = this.#back.getContext('2d');
    const next = this.#next;
    this.#next = null;
    if (next === null || context === null) {
      return null;
    }
    const ratio = devicePixelRatio;
    this.#back.width = Math.round(this.#size.width * ratio);
    this.#back.height = Math.round(this.#size.height * ratio);
    context.scale(ratio, ratio);
    return next(context)[Symbol.iterator]();
  }

  #show(): void {
    const { width, height } = this.#back;
    if (this.canvas.width !== width || this.canvas.height !== height) {
      Object.assign(this.canvas, { width, height });
    }
    const context = this.canvas.getContext('2d');
    context?.clearRect(0, 0, width, height);
    if (width > 0 && height > 0) {
      context?.drawImage(this.#back, 0, 0);
    }
  }
}
