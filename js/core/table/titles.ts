import type { Column } from '../wire';

const PARAM = 'param:';

/**
 * What a column's head says: what a param belongs to, and what it is called there: `['SVC.', 'C']`. Unlike the column's
 * short name it stays the same whatever other runs have.
 */
export function titleParts({ group, key, name }: Column): readonly [string, string] {
  const title = group === 'param' && name !== `param.${key.slice(PARAM.length)}` ? key.slice(PARAM.length) : name;
  const at = group === 'param' ? title.lastIndexOf('.', title.length - 2) + 1 : 0;
  return [title.slice(0, at), title.slice(at)];
}

/** A column's title in one piece: `SVC.C`. */
export function titleOf(column: Column): string {
  return titleParts(column).join('');
}
