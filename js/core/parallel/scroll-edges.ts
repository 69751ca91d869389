import { make } from '../elements';
import type { Layout } from './layout';

/** This much must be in sight to the left and to the right of an axis, where its labels are, for it to count as seen. */
const SEEN = [12, 44] as const;
const STRIDE = 0.7;

/** How many axes lie beyond either edge of what is in sight. */
export function axesBeyond({ xs }: Layout, left: number, width: number): { left: number; right: number } {
  return {
    left: xs.filter((x) => x < left + SEEN[0]).length,
    right: xs.filter((x) => x > left + width - SEEN[1]).length,
  };
}

/** Shades the edges of a drawing that scrolls and says how many axes lie beyond; a click goes there. */
export class ScrollEdges {
  readonly element: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #left = this.#edge('left', -1);
  readonly #right = this.#edge('right', 1);
  #layout: Layout | null = null;

  constructor(scroller: HTMLElement) {
    this.#scroller = scroller;
    this.element = make('div', { class: 'trackside-frame' }, scroller, this.#left, this.#right);
    scroller.addEventListener('scroll', () => this.#draw(), { passive: true });
  }

  /** Shows what lies beyond; null is nothing. */
  show(layout: Layout | null): void {
    this.#layout = layout;
    this.#draw();
  }

  #draw(): void {
    const { scrollLeft, clientWidth } = this.#scroller;
    const beyond = this.#layout ? axesBeyond(this.#layout, scrollLeft, clientWidth) : { left: 0, right: 0 };
    for (const [edge, count, text] of [
      [this.#left, beyond.left, `‹ ${beyond.left} more`],
      [this.#right, beyond.right, `${beyond.right} more ›`],
    ] as const) {
      edge.hidden = count === 0;
      const button = edge.querySelector('button');
      if (button !== null) {
        button.textContent = text;
      }
    }
  }

  #edge(side: 'left' | 'right', sign: number): HTMLElement {
    const click = (): void =>
      this.#scroller.scrollBy({ left: sign * STRIDE * this.#scroller.clientWidth, behavior: 'smooth' });
    const button = make('button', { type: 'button', title: `Scroll to the axes on the ${side}`, click });
    return make('div', { class: 'trackside-edge', 'data-side': side, hidden: true }, button);
  }
}
