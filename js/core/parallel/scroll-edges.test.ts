import { describe, expect, it } from 'vitest';
import { makeLayout } from './layout';
import { axesBeyond, ScrollEdges } from './scroll-edges';

describe('a drawing that scrolls', () => {
  const layout = makeLayout(14, 700, 300, true);

  it('counts the axes beyond its edges', () => {
    expect(axesBeyond(makeLayout(4, 700, 300, true), 0, 700)).toEqual({ left: 0, right: 0 });
    const first = axesBeyond(layout, 0, 700);
    expect(first.left).toBe(0);
    expect(first.right).toBeGreaterThan(1);
    expect(axesBeyond(layout, layout.width - 700, 700)).toEqual({ left: first.right, right: 0 });
  });

  it('says so at the edge, and no longer when it fits', () => {
    const scroller = document.createElement('div');
    Object.defineProperty(scroller, 'clientWidth', { value: 700 });
    const edges = new ScrollEdges(scroller);
    const shown = () =>
      [...edges.element.querySelectorAll<HTMLElement>('.trackside-edge')].filter((edge) => !edge.hidden);
    edges.show(layout);
    expect(shown().map((edge) => edge.textContent)).toEqual([`${axesBeyond(layout, 0, 700).right} more ›`]);
    edges.show(null);
    expect(shown()).toEqual([]);
  });
});
