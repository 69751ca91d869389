import text from './example-rules.json?raw';
import type { Cell } from './numbers';
import type { Column } from './wire';

/** What charts in Python draw just so: `tests/query/test_same_rules.py` holds them to the same examples. */
export const exampleRules = JSON.parse(text) as {
  readonly conditions: {
    readonly columns: readonly { key: string; kind: Column['kind']; values: Cell[] }[];
    readonly rows: readonly { condition: string; rows: number[] }[];
    readonly refused: readonly string[];
  };
  readonly looks: readonly { places: number[]; colours: string[]; dashes: number[][] }[];
  readonly axes: readonly { of: string; values: Cell[]; log: boolean }[];
  readonly places: readonly { log: boolean; values: Cell[]; places: (number | null)[] }[];
  readonly groups: readonly {
    kind: 'number' | 'text';
    values: Cell[];
    groups: { name: string; rows: number[] }[];
  }[];
};
