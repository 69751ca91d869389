import type { ArtifactEntry } from '../wire';

const FORMS: readonly ArtifactEntry['form'][] = ['image', 'table', 'text', 'file'];

/** The artifacts of one name: of each run those it has, by rising step. */
export interface Aligned {
  readonly name: string;
  readonly kind: string;
  readonly form: ArtifactEntry['form'];
  readonly byRun: ReadonlyMap<string, readonly ArtifactEntry[]>;
}

/** Lays the artifacts of runs side by side by name: pictures first, then tables, texts and files. */
export function alignArtifacts(artifacts: readonly ArtifactEntry[], runs: readonly string[]): Aligned[] {
  const named = new Map<string, ArtifactEntry[]>();
  for (const entry of artifacts) {
    named.set(entry.name, [...(named.get(entry.name) ?? []), entry]);
  }
  const aligned = [...named].flatMap(([name, entries]): Aligned[] => {
    const [first] = entries;
    if (first === undefined) {
      return [];
    }
    return [
      { name, kind: first.kind, form: first.form, byRun: new Map(runs.map((run) => [run, ofRun(entries, run)])) },
    ];
  });
  const place = ({ form }: Aligned): number => FORMS.indexOf(form);
  return aligned.sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
}

/** All steps that some artifact belongs to, rising. */
export function stepsOf(artifacts: readonly ArtifactEntry[]): number[] {
  const steps = artifacts.flatMap(({ step }) => (step == null ? [] : [step]));
  return [...new Set(steps)].sort((a, b) => a - b);
}

/**
 * What a run has of a name at a step (null: at the end): the newest that is not later. What belongs to no step is always
 * there. Null where there is none yet.
 */
export function entryAt(entries: readonly ArtifactEntry[] | undefined, step: number | null): ArtifactEntry | null {
  const until = entries?.filter((entry) => entry.step == null || step === null || entry.step <= step) ?? [];
  return until.at(-1) ?? null;
}

function ofRun(entries: readonly ArtifactEntry[], run: string): ArtifactEntry[] {
  const last = (entry: ArtifactEntry): number => entry.step ?? Number.POSITIVE_INFINITY;
  return entries.filter((entry) => entry.run_id === run).sort((a, b) => (last(a) < last(b) ? -1 : 1));
}
