import { joinExtents, steadyExtent } from './extents';
import type { Extent } from './lines';
import type { Plan } from './plan';

/** The x axis that all charts of a panel show. */
export class SharedX {
  /** The one shown last, outside of zooms. */
  #last: { readonly subject: string; readonly extent: Extent } | null = null;

  /** The zoom, or what shows the lines of all charts; while lines go on it stands still where it can. */
  of(
    extents: readonly (Extent | null)[],
    zoom: Extent | null,
    { axes, steady }: Pick<Plan, 'axes' | 'steady'>,
  ): Extent | null {
    // A zoom from before log x was turned on may begin where no logarithm is.
    if (zoom !== null && !(axes.logX && zoom[0] <= 0)) {
      return zoom;
    }
    const subject = `${axes.x} ${axes.logX}`;
    const now = joinExtents(extents);
    const before = this.#last?.subject === subject ? this.#last.extent : null;
    const extent = now && (steady ? steadyExtent(before, now, axes.logX) : now);
    this.#last = extent && { subject, extent };
    return extent;
  }
}
