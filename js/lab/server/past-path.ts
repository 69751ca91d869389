/** The name of the drive that has notebooks as they were. */
export const DRIVE = 'trackside';

/** A run, by the store that has it. */
export interface RunInStore {
  readonly store: string;
  readonly run_id: string;
}

/** A run whose notebook is opened as it was; `notebook` is where that is now, if it is. */
export interface PastRun extends RunInStore {
  readonly notebook: string;
}

const SUFFIX = '.ipynb';
// What JupyterLab takes for a part of a path or for a drive, and what no file's name has.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are meant
const NO_NAME = /[\\:\u0000-\u001f]/g;

/**
 * The path of a notebook as it was when a run was made. Its last part is what its tab is called: JupyterLab takes another
 * title for a new name of the file.
 *
 * @example pastPath({ store: 'k3', run_id }, 'work/train.ipynb') // 'trackside:k3/0193…/work/train as it was (a7k2m).ipynb'
 */
export function pastPath({ store, run_id }: RunInStore, notebook: string | null): string {
  const name = (notebook ?? `notebook${SUFFIX}`).replace(/\.ipynb$/, '').replace(NO_NAME, ' ');
  return `${DRIVE}:${store}/${run_id}/${name}${mark(run_id)}${SUFFIX}`;
}

/** The run whose notebook is at a path of the drive, with or without the drive's name; null at any other path. */
export function pastRun(path: string): PastRun | null {
  const [store, run_id, ...rest] = path.replace(`${DRIVE}:`, '').split('/');
  const name = rest.join('/');
  const isOne = store && run_id && name.endsWith(SUFFIX);
  return isOne ? { store, run_id, notebook: name.replace(mark(run_id), '') } : null;
}

function mark(runId: string): string {
  return ` as it was (${runId.slice(-5)})`;
}
