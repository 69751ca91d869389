import './incomparable.css';
import { make } from './elements';
import type { Observable } from './observable';
import { runName, runRows } from './runs';
import { type Undo, undoAll } from './undo';
import { toggleUnseen } from './unseen';
import type { Page } from './view';
import type { Comparability } from './wire';

/** Stands beside what is not comparable. */
export const SIGN = '≠';

const MOST_CAUSES = 20;
const MOST_SAID = 3;

type Told = Pick<Page, 'comparability' | 'selection' | 'table'>;

/** By what metric runs are said to be comparable: the main one. */
export function comparedMetric({ table }: Pick<Page, 'table'>): string | null {
  return table.value.main?.replace(/^metric:/, '') ?? null;
}

/** Why runs are not comparable with the one that they are held against now; empty while nobody knows. */
export function findCauses(page: Told): ReadonlyMap<string, string> {
  const known = page.comparability.value;
  return isOfNow(page, known)
    ? new Map((known.runs ?? []).flatMap(({ cause, run_ids }) => run_ids.map((run) => [run, cause])))
    : new Map();
}

function isOfNow(page: Told, known: Comparability | null): known is Comparability {
  const pinned = page.selection.pinned.value;
  return known !== null && known.metric === comparedMetric(page) && (pinned === null || pinned === known.reference);
}

/** The runs of the table that are not comparable, by cause, those of most runs first. */
export function groupCauses(page: Told): { cause: string; runs: string[] }[] {
  const causes = findCauses(page);
  const groups = new Map<string, string[]>();
  for (const run of page.table.value.run_ids) {
    const cause = causes.get(run);
    if (cause !== undefined) {
      groups.set(cause, [...(groups.get(cause) ?? []), run]);
    }
  }
  const grouped = [...groups].map(([cause, runs]) => ({ cause, runs }));
  return grouped.sort((one, other) => other.runs.length - one.runs.length);
}

/** "3 of 20 runs are not comparable with the baseline by accuracy". */
export function describeIncomparable(page: Told, count: number): string {
  const { reference, metric } = page.comparability.value ?? {};
  const table = page.table.value;
  const isNamed = reference != null && reference !== table.baseline && runRows(table).has(reference);
  const against = isNamed ? runName(reference, table) : 'the baseline';
  const of = `${count} of ${spellRuns(table.run_ids.length)} ${count === 1 ? 'is' : 'are'}`;
  return `${of} not comparable with ${against} by ${metric ?? ''}`;
}

/** All of it in one line of text: which runs are not comparable, and why; empty where it is none. */
export function sayIncomparable(page: Told): string {
  const groups = groupCauses(page);
  const count = groups.reduce((sum, { runs }) => sum + runs.length, 0);
  const told = groups.map(({ cause, runs }) => (groups.length === 1 ? cause : `${spellRuns(runs.length)}: ${cause}`));
  const more = told.length > MOST_SAID ? `; ${told.length - MOST_SAID} more causes` : '';
  const why = told.slice(0, MOST_SAID).join('; ') + more;
  return count === 0 ? '' : `${SIGN} ${describeIncomparable(page, count)}: ${why}`;
}

/** Draws a line that says which runs are not comparable, and why, with a button that hides them. Returns the undo. */
export function mountIncomparable(root: HTMLElement, page: Page): Undo {
  const words = make('span', { class: 'trackside-incomparable-words' });
  const hide = make('button', { type: 'button', class: 'trackside-link' });
  const line = make('div', { class: 'trackside-incomparable', role: 'status' }, words, hide);
  let runs: string[] = [];
  hide.addEventListener('click', () => toggleUnseen(page, runs));
  const show = (): void => {
    const groups = groupCauses(page);
    runs = groups.flatMap((group) => group.runs);
    line.hidden = runs.length === 0;
    if (line.hidden) {
      return;
    }
    const what = `${SIGN} ${describeIncomparable(page, runs.length)}`;
    const [first, second] = groups;
    const drawn = first && !second ? `${what}: ${first.cause}` : what;
    if (words.dataset['drawn'] !== drawn + JSON.stringify(groups)) {
      words.dataset['drawn'] = drawn + JSON.stringify(groups); // what is open stays open, and is read once
      words.replaceChildren(second ? foldedCauses(what, groups) : drawn);
    }
    const unseen = new Set(page.state.value.unseen);
    const areHidden = runs.every((run) => unseen.has(run));
    hide.textContent = `${areHidden ? 'Show' : 'Hide'} ${runs.length === 1 ? 'it' : 'them'}`;
    hide.title = areHidden ? 'Draw them in all panels again' : 'Draw them in no panel';
  };
  root.append(line);
  show();
  const followed: Pick<Observable<unknown>, 'subscribe'>[] = [
    page.comparability,
    page.table,
    page.selection.pinned,
    page.state,
  ];
  return undoAll([() => line.remove(), ...followed.map((observable) => observable.subscribe(show))]);
}

function foldedCauses(what: string, groups: readonly { cause: string; runs: readonly string[] }[]): HTMLElement {
  const listed = groups.slice(0, MOST_CAUSES).map(({ cause, runs }) => `${spellRuns(runs.length)}: ${cause}`);
  const more = groups.length > MOST_CAUSES ? [`${groups.length - MOST_CAUSES} more causes`] : [];
  return make(
    'details',
    {},
    make('summary', {}, `${what}, for ${groups.length} reasons`),
    make('ul', {}, ...[...listed, ...more].map((text) => make('li', {}, text))),
  );
}

function spellRuns(count: number): string {
  return `${count.toLocaleString('en')} run${count === 1 ? '' : 's'}`;
}
