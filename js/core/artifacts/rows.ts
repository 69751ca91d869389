import type { ArtifactTable } from '../wire';

type Cell = ArtifactTable['columns'][number][number];

/** A table's values by the name of its column and the id of its row. */
export interface Rows {
  /** The ids in their order; a table without the column `id` counts its rows. */
  readonly ids: readonly string[];
  at(id: string, name: string): Cell | undefined;
}

/** Finds the values of a table by row id. */
export function rowsOf({ names, columns }: ArtifactTable): Rows {
  const own = columns[names.indexOf('id')];
  const ids = own ? own.map(String) : (columns[0] ?? []).map((_, row) => String(row));
  const places = new Map(ids.map((id, row) => [id, row]));
  const byName = new Map(names.map((name, at) => [name, columns[at] ?? []]));
  return {
    ids,
    at(id, name): Cell | undefined {
      const row = places.get(id);
      return row === undefined ? undefined : byName.get(name)?.[row];
    },
  };
}

/** How one run's prediction of a row compares with the first run's. */
export type Flip = 'same' | 'right' | 'wrong' | 'other' | 'missing';

/** One row of predictions: what is so, and what each run predicted. */
export interface Prediction {
  readonly id: string;
  readonly truth: Cell;
  readonly predicted: readonly (Cell | undefined)[];
  /** Of each run how it compares with the first one. */
  readonly flips: readonly Flip[];
}

/** Aligns tables of predictions by row id, in the order of the first; null stands for a run that has none. */
export function alignPredictions(tables: readonly (ArtifactTable | null)[]): Prediction[] {
  const rows = tables.map((table) => table && rowsOf(table));
  const ids = [...new Set(rows.flatMap((each) => each?.ids ?? []))];
  return ids.map((id) => {
    const truths = rows.map((each) => each?.at(id, 'y_true'));
    const truth = truths.find((value) => value !== undefined) ?? null;
    const predicted = rows.map((each) => each?.at(id, 'y_pred'));
    const flips = predicted.map((value) => flipOf(predicted[0], value, truth));
    return { id, truth, predicted, flips };
  });
}

function flipOf(reference: Cell | undefined, value: Cell | undefined, truth: Cell): Flip {
  if (value === undefined || reference === undefined) {
    return 'missing';
  }
  if (value === reference) {
    return 'same';
  }
  return value === truth ? 'right' : reference === truth ? 'wrong' : 'other';
}

/** In words which predictions of a run differ from the first one's. */
export function describeFlips(predictions: readonly Prediction[], run: number): string {
  const flips = predictions.map((prediction) => prediction.flips[run] ?? 'missing');
  const count = (flip: Flip): number => flips.filter((each) => each === flip).length;
  const shared = flips.length - count('missing');
  const flipped = shared - count('same');
  if (shared === 0) {
    return 'no row in common';
  }
  const kinds = [
    [count('right'), 'now right'],
    [count('wrong'), 'now wrong'],
    [count('other'), 'wrong either way'],
  ] as const;
  const said = kinds.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`);
  return `${flipped} of ${shared} flipped${said.length > 0 ? `: ${said.join(', ')}` : ''}`;
}

/** Which cells of a table differ from another's, by row id and column: `row × columns + column`. */
export function changedCells(table: ArtifactTable, reference: ArtifactTable): Set<number> {
  const [own, other] = [rowsOf(table), rowsOf(reference)];
  const changed = new Set<number>();
  for (const [row, id] of own.ids.entries()) {
    for (const [at, name] of table.names.entries()) {
      if (own.at(id, name) !== other.at(id, name)) {
        changed.add(row * table.names.length + at);
      }
    }
  }
  return changed;
}
