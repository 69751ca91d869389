import { type Cell, cellNumber } from '../numbers';
import type { Column, RunTable } from '../wire';
import { type Named, namesOf } from './names';
import { type Condition, type Operand, readCondition, type Sign } from './syntax';

/** Whether a condition holds in a row; null where a value is missing, as in SQL. */
type Test = (row: number) => boolean | null;
/** A value of a row; null where it is missing. */
type Value = (row: number) => number | string | boolean | null;

interface Read {
  readonly kind: Column['kind'] | 'none';
  readonly value: Value;
  readonly isConstant: boolean;
  /** Whether some of a column's numbers are words, such as a `gamma` of `'scale'`. */
  readonly hasWords: boolean;
}

const NUMBER = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;
const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?$/;

/**
 * The runs that fulfil a condition, worked out where no database is at hand. What it knows, it takes as the database does:
 * `tests/query/test_same_rules.py` holds both to the same examples.
 *
 * @throws what in the condition cannot be used.
 */
export function matchRuns(table: RunTable, expression: string): string[] {
  const names = namesOf(table);
  const holds = testOf(readCondition(expression, names.keys()), (name) => findNamed(name, names));
  return table.run_ids.filter((_, row) => holds(row) === true);
}

/** As it is spelled, else whatever its case. */
function findNamed(name: string, names: ReadonlyMap<string, Named>): Named {
  const wanted = name.toLowerCase();
  const found = names.get(name) ?? [...names].find(([known]) => known.toLowerCase() === wanted)?.[1];
  if (!found) {
    throw new Error(`Found "${name}", which is no column that was kept; a text stands in quotes: '${name}'`);
  }
  return found;
}

function testOf(condition: Condition, find: (name: string) => Named): Test {
  switch (condition.is) {
    case 'any':
    case 'all': {
      const tests = condition.of.map((each) => testOf(each, find));
      const decides = condition.is === 'any';
      return (row) => {
        const found = tests.map((test) => test(row));
        return found.includes(decides) ? decides : found.includes(null) ? null : !decides;
      };
    }
    case 'not': {
      const test = testOf(condition.of, find);
      return (row) => negated(test(row));
    }
    case 'compared':
      return comparison(read(condition.left, find), condition.sign, read(condition.right, find));
    case 'among': {
      const left = read(condition.left, find);
      const tests = condition.list.map((each) => comparison(left, '=', read(each, find)));
      return (row) => {
        const found = tests.map((test) => test(row));
        return found.includes(true) ? true : found.includes(null) ? null : false;
      };
    }
    case 'like': {
      const { value } = read(condition.left, find);
      const pattern = patternOf(condition.pattern, condition.anyCase);
      return (row) => {
        const text = value(row);
        return text === null ? null : pattern.test(String(text));
      };
    }
    case 'missing': {
      const { value } = read(condition.of, find);
      return (row) => value(row) === null;
    }
    case 'true':
      return isTrue(condition.of, find);
  }
}

function negated(found: boolean | null): boolean | null {
  return found === null ? null : !found;
}

function isTrue(operand: Operand, find: (name: string) => Named): Test {
  const { kind, value } = read(operand, find);
  if (kind !== 'bool' || 'value' in operand) {
    const what = 'name' in operand ? operand.name : operand.value;
    throw new Error(`Found "${what}", which is no condition but a value; expected the like of: lr < 0.01`);
  }
  return (row) => value(row) as boolean | null;
}

function read(operand: Operand, find: (name: string) => Named): Read {
  if ('value' in operand) {
    const { value } = operand;
    const kinds = { number: 'number', string: 'text', boolean: 'bool' } as const;
    const kind = value === null ? 'none' : kinds[typeof value as keyof typeof kinds];
    return { kind, value: () => value, isConstant: true, hasWords: typeof value === 'string' && !NUMBER.test(value) };
  }
  const { kind, values } = find(operand.name);
  const hasWords = kind === 'number' && values.some((cell) => cell !== null && cellNumber(cell) === null);
  return { kind, value: (row) => known(values[row] ?? null, kind), isConstant: false, hasWords };
}

/** A cell as conditions see it: NaN is missing, so that it is neither above nor below anything. */
function known(cell: Cell, kind: Column['kind']): number | string | boolean | null {
  const number = kind === 'text' ? null : cellNumber(cell);
  return number === null ? cell : Number.isNaN(number) ? null : number;
}

function comparison(left: Read, sign: Sign, right: Read): Test {
  const [one, other] = alike(left, right);
  return (row) => {
    const [a, b] = [one(row), other(row)];
    return a === null || b === null ? null : compared(a, sign, b);
  };
}

/** Both sides' values in one kind: texts beside numbers are read as numbers, and texts beside times as times. */
function alike(left: Read, right: Read): [Value, Value] {
  const kinds = [left.kind, right.kind];
  if (kinds.includes('time')) {
    return [asMoment(left), asMoment(right)];
  }
  if (left.hasWords && right.hasWords) {
    return [asText(left), asText(right)];
  }
  if (kinds.includes('number')) {
    return [asNumber(left), asNumber(right)];
  }
  return [left.value, right.value];
}

function asText({ value }: Read): Value {
  return (row) => {
    const cell = value(row);
    return cell === null ? null : String(cell);
  };
}

function asNumber({ kind, value, isConstant }: Read): Value {
  const convert = (cell: ReturnType<Value>): number | null => {
    if (typeof cell === 'number' || cell === null) {
      return cell;
    }
    return typeof cell === 'string' && NUMBER.test(cell) ? Number(cell) : null;
  };
  if (isConstant && kind !== 'none' && convert(value(0)) === null) {
    throw new Error(`Found ${JSON.stringify(value(0))} beside a number, which is none`);
  }
  return (row) => convert(value(row));
}

function asMoment({ kind, value, isConstant }: Read): Value {
  if (kind === 'time' || kind === 'none') {
    return value;
  }
  const text = value(0);
  const found = isConstant && typeof text === 'string' ? MOMENT.exec(text.trim()) : null;
  if (!found) {
    throw new Error(`Found ${JSON.stringify(text)} beside a time; expected the like of '2026-05-31 14:00'`);
  }
  const seconds = Date.parse(`${found[1]}T${found[2] ?? '00:00'}Z`) / 1000;
  return () => seconds;
}

function compared(a: number | string | boolean, sign: Sign, b: number | string | boolean): boolean {
  switch (sign) {
    case '=':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

function patternOf(pattern: string, anyCase: boolean): RegExp {
  const parts = [...pattern].map((sign) =>
    sign === '%' ? '.*' : sign === '_' ? '.' : sign.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&'),
  );
  return new RegExp(`^${parts.join('')}$`, anyCase ? 'isu' : 'su');
}
