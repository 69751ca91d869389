import { make } from '../elements';
import { linesCost, type Polylines, strokePolylines } from './polylines';

/** How long one frame's share of the whole picture may take, in milliseconds, so that the frame is still on time. */
const SHARE = 7;
/** How much of what fits a sketch may cost. */
const SKETCH = 0.6;
/** The most drawn at a time, and the least, as `strokeCost` counts. */
const MOST = 2_000_000;
const LEAST = 1_500;
/** A sketch is not made whole before it has stood for so long: a brush that moves would only cut that short. */
const STILL_MS = 50;

/** What is to be drawn. */
export interface Drawing {
  /** Whether a sketch may stand in for the whole picture; else what was there stays until that is done. */
  readonly sketches: boolean;
  /** The lines of the whole picture, or of a sketch with every so many-th of them. */
  lines(sketch: number | null): readonly Polylines[];
}

/**
 * A canvas whose drawing is spread over frames, so that the pointer is never waited for. What does not fit into a frame
 * is sketched at once by thin lines or some of them, until the whole picture is there: then the canvas has `data-whole`. A
 * picture asked for meanwhile takes the place of both.
 */
export class Layer {
  readonly canvas = make('canvas', { class: 'trackside-layer', 'aria-hidden': 'true' });
  readonly #back = document.createElement('canvas');
  readonly #eye = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
  #madeOf: readonly unknown[] = [];
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #budget = 6_000;
  #size = { width: 0, height: 0 };

  /** Sets the size in CSS pixels; the picture is stretched until the next one is there. */
  resize(width: number, height: number): void {
    if (width !== this.#size.width || height !== this.#size.height) {
      this.#size = { width, height };
      Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    }
  }

  /** Draws a new picture unless everything it is `madeOf` is what the last one was made of. */
  draw(madeOf: readonly unknown[], drawing: Drawing): void {
    if (madeOf.length === this.#madeOf.length && madeOf.every((part, at) => part === this.#madeOf[at])) {
      return;
    }
    this.#madeOf = madeOf;
    this.dispose();
    this.canvas.removeAttribute('data-whole');
    const [whole, thin] = [drawing.lines(null), drawing.sketches ? drawing.lines(1) : null];
    if (thin !== null && this.#cost(whole) > this.#budget) {
      const stride = Math.ceil(this.#cost(thin) / (this.#budget * SKETCH));
      this.#begin(stride === 1 ? thin : drawing.lines(stride), false);
      this.#timer = setTimeout(() => this.#begin(whole, true), STILL_MS);
    } else {
      this.#begin(whole, true);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
  }

  #cost(groups: readonly Polylines[]): number {
    return groups.reduce((sum, lines) => sum + linesCost(lines, devicePixelRatio), 0);
  }

  #begin(groups: readonly Polylines[], isWhole: boolean): void {
    const context = this.#back.getContext('2d');
    if (context !== null) {
      const ratio = devicePixelRatio;
      fit(this.#back, Math.round(this.#size.width * ratio), Math.round(this.#size.height * ratio));
      context.resetTransform();
      context.clearRect(0, 0, this.#back.width, this.#back.height);
      context.scale(ratio, ratio);
      this.#step(strokeAll(context, groups), isWhole);
    }
  }

  #step(steps: Iterator<number>, isWhole: boolean): void {
    const start = performance.now();
    const { drawn, done } = this.#drawShare(steps);
    this.#flush();
    if (done) {
      this.#show();
      this.canvas.toggleAttribute('data-whole', isWhole);
    } else {
      this.#frame = requestAnimationFrame(() => this.#step(steps, isWhole));
    }
    this.#adapt(drawn, performance.now() - start);
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
      this.#budget = Math.min(MOST, Math.max(LEAST, Math.min(fits, this.#budget * 1.3)));
    }
  }

  /** Strokes are only noted down until someone looks at the canvas. Looking at one pixel has them drawn now. */
  #flush(): void {
    this.#eye.getContext('2d')?.drawImage(this.#back, 0, 0, 1, 1, 0, 0, 1, 1);
  }

  #show(): void {
    const { width, height } = this.#back;
    fit(this.canvas, width, height);
    const context = this.canvas.getContext('2d');
    context?.clearRect(0, 0, width, height);
    if (width > 0 && height > 0) {
      context?.drawImage(this.#back, 0, 0);
    }
  }
}

/** Gives a canvas its size where it has another: giving it the same one takes new memory, in every frame. */
function fit(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width || canvas.height !== height) {
    Object.assign(canvas, { width, height });
  }
}

function* strokeAll(context: CanvasRenderingContext2D, groups: readonly Polylines[]): Generator<number> {
  for (const lines of groups) {
    yield* strokePolylines(context, lines);
  }
}
