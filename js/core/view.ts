import type { Marks } from './marks';
import type { Observable } from './observable';
import type { Selection } from './selection';
import type { Source } from './source';
import type { Comparability, RunTable, ViewState } from './wire';

/** What the views of one page share. */
export interface Page {
  /** Begins the ids of its elements, which are of the whole document. */
  readonly id: string;
  readonly source: Source;
  readonly selection: Selection;
  /** The runs shown; a new value when runs were added or went on. */
  readonly table: Observable<RunTable>;
  /** Which runs are known not to be comparable; null while nobody knows. See `findCauses`. */
  readonly comparability: Observable<Comparability | null>;
  /** What the user chose; saved with the notebook. Views replace it (`{ ...state.value, metric }`), never write into it. */
  readonly state: Observable<ViewState>;
  /** What the user says of runs; kept in the store. */
  readonly marks: Marks;
}

/** A view draws into an element until its undo is called. */
export type View = (element: HTMLElement, page: Page) => () => void;
