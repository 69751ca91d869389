import text from './example-rules.json?raw';
import type { Cell } from './numbers';

/** What charts in Python draw just so: `tests/query/test_same_rules.py` holds them to the same examples. */
export const exampleRules = JSON.parse(text) as {
  readonly looks: readonly { places: number[]; colours: string[]; dashes: number[][] }[];
  readonly axes: readonly { of: string; values: Cell[]; log: boolean }[];
  readonly places: readonly { log: boolean; values: Cell[]; places: (number | null)[] }[];
  readonly groups: readonly {
    kind: 'number' | 'text';
    values: Cell[];
    groups: { name: string; rows: number[] }[];
  }[];
};
