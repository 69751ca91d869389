import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { DRIVE } from '../server/past-path';
import { showCellById } from './show-cell';

const FACTORY = 'Notebook';
/** Names a cell in the address of a page that has one notebook: Notebook 7 opens each in a tab of the browser. */
const CELL_HASH = '#trackside-cell=';

/** Opens notebooks where the application shows them: in a tab of JupyterLab, or of the browser. */
export class Opener {
  readonly #docManager: IDocumentManager;
  readonly #tracker: INotebookTracker;
  readonly #hasTabs: boolean;

  constructor(docManager: IDocumentManager, tracker: INotebookTracker, hasTabs: boolean) {
    this.#docManager = docManager;
    this.#tracker = tracker;
    this.#hasTabs = hasTabs;
  }

  /** Opens the notebook at `path`, or comes back to it. */
  open(path: string): void {
    if (this.#hasTabs) {
      this.#docManager.openOrReveal(path, FACTORY);
    } else {
      this.#openBrowserTab(path);
    }
  }

  /** Opens a notebook and shows one of its cells; false where it has no such cell. */
  async openCell(path: string, cellId: string): Promise<boolean> {
    if (this.#hasTabs) {
      const panel = this.#docManager.openOrReveal(path, FACTORY) as NotebookPanel | undefined;
      await panel?.context.ready;
      return panel !== undefined && showCellById(panel.content, cellId);
    }
    const here = this.#tracker.find((panel) => panel.context.path === path);
    if (here !== undefined) {
      return showCellById(here.content, cellId);
    }
    this.#openBrowserTab(path, `${CELL_HASH}${encodeURIComponent(cellId)}`);
    return true;
  }

  /** Shows a cell in whichever notebook has it that is open; false where none has. */
  showOpenCell(cellId: string): boolean {
    const panel = this.#tracker.find(({ content, context }) => {
      const isPast = context.path.startsWith(`${DRIVE}:`);
      return !isPast && content.widgets.some(({ model }) => model.id === cellId);
    });
    if (panel !== undefined && this.#hasTabs) {
      this.#docManager.openOrReveal(panel.context.path, FACTORY);
    }
    return panel !== undefined && showCellById(panel.content, cellId);
  }

  /** Shows the cell that the page's address names. */
  async showCellOfAddress({ content, context }: NotebookPanel): Promise<void> {
    const { hash } = window.location;
    if (!this.#hasTabs && hash.startsWith(CELL_HASH)) {
      await context.ready;
      showCellById(content, decodeURIComponent(hash.slice(CELL_HASH.length)));
    }
  }

  /**
   * Opens the notebook as it was that JupyterLab's address names: JupyterLab would look for it in a file browser, which
   * that drive has not. To be called before it does; it is opened once all that was open is `restored`.
   */
  openPastOfAddress(restored: Promise<unknown>): void {
    const path = PageConfig.getOption('treePath');
    if (this.#hasTabs && path.startsWith(`${DRIVE}:`)) {
      PageConfig.setOption('treePath', '');
      void restored.then(() => this.open(path));
    }
  }

  #openBrowserTab(path: string, hash = ''): void {
    const url = URLExt.join(PageConfig.getBaseUrl(), 'notebooks', URLExt.encodeParts(path));
    window.open(url + hash);
  }
}
