import type { Cell } from '../numbers';
import { tagOf } from '../tags';
import type { Column, RunTable } from '../wire';

/** What a name stands for in each row: of several params that end so, the first that the run has. */
export interface Named {
  readonly kind: Column['kind'];
  readonly values: readonly Cell[];
}

/** What filters call a column: what is known of a run goes by its key, and shows another name. */
export function filterName(column: Column): string {
  return column.group === 'run' && tagOf(column) === null ? column.key.slice('run:'.length) : column.name;
}

/**
 * The columns of a table by the names that conditions use, as `filter_columns` has them in Python: what is known of a run
 * goes before metrics, and they before params and tags; `C` means `SVC.C`, too; in full `run.x`, `metric.x`, `param.x`, `tag.x`.
 */
export function namesOf(table: RunTable): ReadonlyMap<string, Named> {
  const names = new Map<string, Named>();
  const add = (name: string, named: Named): void => {
    if (!names.has(name)) {
      names.set(name, named);
    }
  };
  const starred = new Set(table.starred);
  const stars: Named = { kind: 'bool', values: table.run_ids.map((run) => starred.has(run)) };
  const columns = (wanted: (column: Column) => boolean): Column[] => table.columns.filter(wanted);
  const rest = ({ key }: Column): string => key.slice(key.indexOf(':') + 1);
  for (const column of columns((each) => each.group === 'run' && tagOf(each) === null)) {
    add(rest(column), column);
    add(`run.${rest(column)}`, column);
  }
  add('starred', stars);
  add('run.starred', stars);
  for (const column of columns((each) => each.group === 'metric')) {
    add(rest(column), column);
    add(`metric.${rest(column)}`, column);
  }
  const params = columns((each) => each.group === 'param').sort((a, b) => depth(a) - depth(b));
  const ending = new Map<string, Column[]>();
  for (const column of params) {
    add(`param.${rest(column)}`, column);
    const parts = rest(column).split('.');
    for (let at = 0; at < parts.length; at++) {
      const end = parts.slice(at).join('.');
      ending.set(end, [...(ending.get(end) ?? []), column]);
    }
  }
  for (const [end, alike] of ending) {
    add(end, alike.length === 1 && alike[0] ? alike[0] : firstOf(alike));
  }
  for (const column of columns((each) => tagOf(each) !== null)) {
    add(tagOf(column) ?? '', column);
    add(`tag.${tagOf(column)}`, column);
  }
  return names;
}

function depth({ key }: Column): number {
  return key.split('.').length;
}

function firstOf(alike: readonly Column[]): Named {
  const rows = alike[0]?.values ?? [];
  const values = rows.map((_, row) => alike.map((column) => column.values[row]).find((value) => value != null) ?? null);
  const kinds = new Set(alike.map((column) => column.kind));
  return { kind: kinds.size === 1 ? (alike[0]?.kind ?? 'text') : 'text', values };
}
