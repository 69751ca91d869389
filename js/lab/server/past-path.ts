/** The name of the drive that has notebooks as they were. */
export const DRIVE = 'trackside';

/** A run, by the store that has it. */
export interface RunInStore {
  readonly store: string;
  readonly run_id: string;
}

// What JupyterLab takes for a part of a path or for a drive, and what no file's name has.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are meant
const NO_NAME = /[/\\:\u0000-\u001f]/g;

/**
 * The path of a notebook as it was when a run was made. Its last part is what its tab is called: JupyterLab takes another
 * title for a new name of the file.
 *
 * @example pastPath({ store: 'k3', run_id }, 'work/train.ipynb') // 'trackside:k3/0193…/train as it was (a7k2m).ipynb'
 */
export function pastPath({ store, run_id }: RunInStore, notebook: string | null): string {
  const name = (notebook?.split('/').at(-1) ?? 'notebook').replace(/\.ipynb$/, '').replace(NO_NAME, ' ');
  return `${DRIVE}:${store}/${run_id}/${name} as it was (${run_id.slice(-5)}).ipynb`;
}

/** The run whose notebook is at a path of the drive, with or without the drive's name; null at any other path. */
export function pastRun(path: string): RunInStore | null {
  const [store, run_id, name] = path.replace(`${DRIVE}:`, '').split('/');
  return store && run_id && name?.endsWith('.ipynb') ? { store, run_id } : null;
}
