import { followSight } from '../../core/sight';
import { type Undo, undoAll } from '../../core/undo';
import type { Watcher } from './watcher';

/** Tells of news of a store while an element can be seen, and whenever it comes into sight. */
export function hearWhileSeen(element: Element, watcher: Watcher, store: string, tell: () => void): Undo {
  let wasSeen = false;
  let stop: Undo = () => undefined;
  const unfollow = followSight(element, (isSeen) => {
    if (isSeen === wasSeen) {
      return;
    }
    wasSeen = isSeen;
    stop();
    stop = () => undefined;
    if (isSeen) {
      stop = watcher.watch(store, tell);
      tell(); // The watcher tells of nothing that others heard meanwhile.
    }
  });
  return undoAll([unfollow, () => stop()]);
}
