/** Takes back what a view set up. */
export type Undo = () => void;

/** Joins several undos into one, which runs them from the last to the first. */
export function undoAll(undos: readonly Undo[]): Undo {
  return () => {
    for (const undo of [...undos].reverse()) {
      undo();
    }
  };
}
