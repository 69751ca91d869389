import type { Theme } from '../theme';
import type { AxesKind } from './axes';
import type { BestPoint } from './best-points';
import type { LineStyle } from './line-painter';
import type { DrawnLine, Extent } from './lines';

/** What a chart shows. */
export interface Scene {
  readonly lines: readonly DrawnLine[];
  readonly x: Extent;
  readonly y: Extent;
  readonly axes: AxesKind;
  readonly theme: Theme;
  readonly style: (id: string) => LineStyle;
  /** The best point of each line that has one. */
  readonly best: ReadonlyMap<string, BestPoint>;
}

/** Whether the axes of one scene cannot be those of the other. */
export function needsNewAxes(before: Scene, now: Scene): boolean {
  return (
    before.theme !== now.theme ||
    before.axes.x !== now.axes.x ||
    before.axes.logX !== now.axes.logX ||
    before.axes.logY !== now.axes.logY
  );
}

/** The lines that are others in `now`, or null where more than these differs, so that all has to be drawn. */
export function movedIn(before: Scene, now: Scene): string[] | null {
  const isStill =
    !needsNewAxes(before, now) &&
    [0, 1].every((end) => before.x[end] === now.x[end] && before.y[end] === now.y[end]) &&
    before.lines.length === now.lines.length &&
    before.lines.every(({ id }, at) => id === now.lines[at]?.id && isSame(before.style(id), now.style(id)));
  const isMoved = (line: DrawnLine, at: number): boolean =>
    line !== before.lines[at] || before.best.get(line.id)?.x !== now.best.get(line.id)?.x;
  return isStill ? now.lines.filter(isMoved).map(({ id }) => id) : null;
}

function isSame(one: LineStyle, other: LineStyle): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
