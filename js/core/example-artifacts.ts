import type { ArtifactContent, ArtifactEntry, Diff } from './wire';

/** How run `a` differs from run `b`, for tests and demos: a param, a metric, one line of code. */
export const exampleDiff: Diff = {
  answer: 'diff',
  before: 'b',
  after: 'a',
  sections: [
    { name: 'params', differences: [{ name: 'C', before: null, after: '10' }], same: '1 param' },
    {
      name: 'metrics',
      differences: [{ name: 'accuracy', before: '0.91', after: '0.97', said: '+0.06, better', tone: 'good' }],
    },
    {
      name: 'code',
      differences: [
        {
          name: "the run's cell [3] C = 10",
          said: 'edited, +1 −1 lines',
          text: {
            lines: [
              { kind: 'skipped', count: 4 },
              { kind: 'same', pieces: [{ text: 'import sklearn' }] },
              { kind: 'removed', pieces: [{ text: 'C = ' }, { text: '1', changed: true }] },
              { kind: 'added', pieces: [{ text: 'C = ' }, { text: '10', changed: true }] },
            ],
          },
        },
      ],
    },
    { name: 'packages', same: '12 packages' },
  ],
};

/** An artifact of a run; what is left out is a text of no step. */
export function exampleEntry(run_id: string, name: string, others: Partial<ArtifactEntry> = {}): ArtifactEntry {
  const sha256 = `${run_id} ${name} ${others.step ?? ''}`;
  return { run_id, name, kind: 'text', mime: 'text/plain', size: 12, sha256, form: 'text', ...others };
}

/** What is in an artifact, from its text. */
export function exampleContent({ run_id, name, mime }: ArtifactEntry, text: string): ArtifactContent {
  return { answer: 'artifact', run_id, name, mime, file: name, data: btoa(text) };
}
