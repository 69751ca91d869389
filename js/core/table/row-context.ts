import { cellNumber } from '../numbers';
import type { Selection } from '../selection';
import type { Column, RunTable } from '../wire';
import type { Arrangement } from './arrangement';
import type { ColumnWindow } from './column-window';
import { bestOf } from './comparison';
import type { Formats } from './formats';
import { groupCell } from './groups';
import type { Sparklines } from './sparklines';

/** What all rows of one drawing share. */
export interface RowContext {
  readonly table: RunTable;
  readonly columns: readonly Column[];
  /** Which of the columns have cells now. */
  readonly window: ColumnWindow;
  readonly arrangement: Arrangement;
  readonly selection: Selection;
  /** Whether runs can be starred now. */
  readonly isMarkable: boolean;
  /** The pinned run's row in the table of runs. */
  readonly baselineRow: number | null;
  readonly best: Best;
  readonly formats: Formats;
  /** Whether differences are shares of the baseline's value. */
  readonly percent: boolean;
  /** How the main metric went in the runs that were in sight. */
  readonly sparks: Sparklines;
  /** Why runs are not comparable with the pinned one. */
  readonly causes: ReadonlyMap<string, string>;
  /** The runs that no panel draws. */
  readonly unseen: ReadonlySet<string>;
}

/** The value that says best in a column: among the runs in these rows, and among the groups' means. */
export class Best {
  readonly #rows: readonly number[];
  readonly #arrangement: Arrangement;
  readonly #known = new Map<Column, { run: number | null; group: number | null }>();

  constructor(rows: readonly number[], arrangement: Arrangement) {
    this.#rows = rows;
    this.#arrangement = arrangement;
  }

  of(column: Column): { run: number | null; group: number | null } {
    let known = this.#known.get(column);
    if (known === undefined) {
      const means = [...this.#arrangement.groups.values()].map((group) => cellNumber(groupCell(column, group)));
      const values = this.#rows.map((row) => cellNumber(column.values[row]));
      known = { run: bestOf(column, values), group: bestOf(column, means) };
      this.#known.set(column, known);
    }
    return known;
  }
}
