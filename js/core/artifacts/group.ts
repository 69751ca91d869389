import { problemOf } from '../asker';
import { make } from '../elements';
import type { ArtifactEntry } from '../wire';
import { type Aligned, entryAt, stepsOf } from './align';
import { contentQuestion } from './bytes';
import { artifactCell, type Cell, type CellContext, caption } from './cell';
import { alignPredictions } from './rows';
import { predictionsTable } from './tables';

/** What a name's artifacts are drawn with. */
export interface GroupContext extends CellContext {
  readonly runs: readonly string[];
  readonly step: number | null;
  /** The cell made for a key, which stays while it is asked for. */
  keep(key: string, make: () => Cell): Cell;
}

/** Draws the artifacts of one name: a column for each run, the first being what the others are held against. */
export function groupRow(group: Aligned, context: GroupContext): HTMLElement {
  const entries = context.runs.map((run) => entryAt(group.byRun.get(run), context.step));
  return make(
    'div',
    { class: 'trackside-artifact-row', 'data-name': group.name, 'data-form': group.form },
    ...(group.kind === 'predictions' && group.form === 'table'
      ? [predictionsCell(entries, context), ...entries.map((entry) => (entry ? caption(entry, context) : nothing('—')))]
      : entries.map((entry, place) => cellOf(group, entry, place, entries, context))),
  );
}

/** What stands behind a name: its kind, where that is another word, and how many steps it has. */
export function describeGroup({ name, kind, byRun }: Aligned): string {
  const steps = stepsOf([...byRun.values()].flat());
  return [name === kind ? '' : kind, steps.length > 1 ? `${steps.length} steps` : ''].filter(Boolean).join(' · ');
}

function cellOf(
  group: Aligned,
  entry: ArtifactEntry | null,
  place: number,
  entries: readonly (ArtifactEntry | null)[],
  context: GroupContext,
): HTMLElement {
  if (entry === null) {
    const first = group.byRun.get(context.runs[place] ?? '')?.[0]?.step;
    return nothing(first == null ? 'none' : `none before step ${first.toLocaleString('en')}`);
  }
  const reference = place === 0 ? null : (entries[0] ?? null);
  const key = JSON.stringify([entry, reference, entry.form === 'image' && context.pictures]);
  return context.keep(key, () => artifactCell(entry, reference, context)).element;
}

function nothing(said: string): HTMLElement {
  return make('p', { class: 'trackside-artifact-none' }, said);
}

function predictionsCell(entries: readonly (ArtifactEntry | null)[], context: GroupContext): HTMLElement {
  const { asker, isLive, sight, nameOf, runs } = context;
  const create = (): Cell => {
    const element = make('div', { class: 'trackside-artifact trackside-artifact-wide', 'data-form': 'predictions' });
    const load = async (entry: ArtifactEntry | null) =>
      entry && ((await asker.ask(contentQuestion(entry), entry.sha256)).table ?? null);
    const show = async (): Promise<void> => {
      try {
        const predictions = alignPredictions(await Promise.all(entries.map(load)));
        element.replaceChildren(predictionsTable(predictions, runs.map(nameOf)));
      } catch (error) {
        element.replaceChildren(make('p', { class: 'trackside-artifact-problem' }, problemOf(error)));
      }
    };
    if (isLive) {
      sight.once(element, () => void show());
    }
    return { element, dispose: () => sight.forget(element) };
  };
  return context.keep(JSON.stringify(entries), create).element;
}
