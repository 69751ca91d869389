import type { Contents, ServerConnection } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import type { Api } from '../server/api';
import { DRIVE, type PastRun, pastRun } from '../server/past-path';

interface NotebookJson {
  readonly cells?: readonly { metadata?: Record<string, unknown> }[];
}

/** A drive of notebooks as they were when a run was made. They are only read: the store is no folder to work in. */
export class PastDrive implements Contents.IDrive {
  readonly name = DRIVE;
  readonly serverSettings: ServerConnection.ISettings;
  readonly fileChanged: Signal<Contents.IDrive, Contents.IChangedArgs> = new Signal(this);
  readonly #api: Pick<Api, 'notebook' | 'remember'>;
  #isDisposed = false;

  constructor(api: Pick<Api, 'notebook' | 'remember'>, serverSettings: ServerConnection.ISettings) {
    this.#api = api;
    this.serverSettings = serverSettings;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    this.#isDisposed = true;
    Signal.clearData(this);
  }

  async get(path: string, options: Contents.IFetchOptions = {}): Promise<Contents.IModel> {
    const run = pastRun(path);
    if (run === null) {
      throw new Error(`Found "${path}", expected the notebook of a run: open it from Trackside's panel.`);
    }
    const isWhole = options.content !== false;
    const content = isWhole ? asReadOnly(await this.#read(run)) : null;
    return {
      name: path.split('/').at(-1) ?? path,
      path,
      type: 'notebook',
      writable: false,
      // What was never changes.
      created: '',
      last_modified: '',
      mimetype: '',
      format: isWhole ? 'json' : (null as never),
      content,
    };
  }

  /** The store may be one of an earlier page: the notebook leads to it. */
  #read({ store, run_id, notebook }: PastRun): Promise<NotebookJson> {
    this.#api.remember(store, notebook);
    return this.#api.notebook(store, run_id);
  }

  async listCheckpoints(): Promise<Contents.ICheckpointModel[]> {
    return [];
  }

  getDownloadUrl = refuse;
  newUntitled = refuse;
  delete = refuse;
  rename = refuse;
  save = refuse;
  copy = refuse;
  createCheckpoint = refuse;
  restoreCheckpoint = refuse;
  deleteCheckpoint = refuse;
}

async function refuse(): Promise<never> {
  throw new Error('A notebook as it was cannot be changed: restore the run to work on a copy of it.');
}

/** The same notebook with cells that the editor does not let anybody write in. */
function asReadOnly(notebook: NotebookJson): NotebookJson {
  const cells = (notebook.cells ?? []).map((cell) => ({
    ...cell,
    metadata: { ...cell.metadata, editable: false, deletable: false },
  }));
  return { ...notebook, cells };
}
