import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { version } from '../../package.json';
import { Observable } from '../core/observable';

const TARGET = 'trackside.lab';
const HUB = 'trackside.hub';
const TIMEOUT_MS = 10_000;

/** What crosses between us and `trackside.frontend`, in either direction. */
type Message = Readonly<Record<string, string | boolean>>;

/** What the kernel may ask of the page. */
export interface Page {
  /** The application that shows the notebook: "JupyterLab". */
  readonly app: string;
  /** The notebook as it stands, unsaved edits included. */
  readNotebook(): JSONObject;
}

// The interface hides it: until the comm's subshell has started, messages wait for the cell that runs.
type SubshellComm = Kernel.IComm & { readonly subshellStarted: Promise<void> };

/**
 * A notebook's door to Trackside in its kernel: says hello there, so that the kernel knows who draws its outputs, and
 * asks it what only it can answer.
 */
export class KernelLink implements IDisposable {
  /** Whether Trackside runs in the kernel and can be asked. */
  readonly isOpen = new Observable(false);
  readonly #session: ISessionContext;
  readonly #waiting = new Map<string, (answer: Message) => void>();
  readonly #page: Page;
  #comm: Kernel.IComm | null = null;
  #hub: Kernel.IComm | null = null;
  #isDisposed = false;

  constructor(session: ISessionContext, page: Page) {
    this.#session = session;
    this.#page = page;
    session.kernelChanged.connect(this.#onKernel, this);
    session.statusChanged.connect(this.#onStatus, this);
    this.#listen(session.session?.kernel);
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#hub?.close();
    this.#close();
    this.#session.kernelChanged.disconnect(this.#onKernel, this);
    this.#session.statusChanged.disconnect(this.#onStatus, this);
  }

  /** Asks the handler that `trackside.frontend.on_request` has for `op`; rejects with why there is no answer. */
  async request(op: string, fields: Message): Promise<Message> {
    const id = String(Math.random()); // other pages of the same kernel hear the answers too
    const answered = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    const late = new Promise<null>((resolve) => setTimeout(resolve, TIMEOUT_MS, null));
    try {
      this.#comm?.send({ op, id, ...fields });
      const answer = await Promise.race([answered, late]);
      if (answer === null) {
        throw new Error('The kernel did not answer.');
      }
      if (answer['op'] === 'failure') {
        throw new Error(String(answer['message']));
      }
      return answer;
    } finally {
      this.#waiting.delete(id);
    }
  }

  #onKernel(_: ISessionContext, change: { newValue: Kernel.IKernelConnection | null }): void {
    this.#close();
    this.#listen(change.newValue);
  }

  #onStatus(_: ISessionContext, status: Kernel.Status): void {
    if (['restarting', 'autorestarting', 'terminating', 'dead'].includes(status)) {
      this.#close();
    }
  }

  #listen(kernel: Kernel.IKernelConnection | null | undefined): void {
    if (!kernel?.handleComms) {
      return;
    }
    // Not awaited: the kernel's next messages, the subshell's start among them, wait for what is returned here.
    kernel.registerCommTarget(TARGET, (comm) => untilItEnds(this.#open(kernel, comm)));
    untilItEnds(this.#findOpen(kernel));
  }

  /** Takes up the comm that the kernel opened before this page was there. */
  async #findOpen(kernel: Kernel.IKernelConnection): Promise<void> {
    const { content } = await kernel.requestCommInfo({ target_name: TARGET });
    for (const id of content.status === 'ok' ? Object.keys(content.comms) : []) {
      if (!kernel.hasComm(id)) {
        await this.#open(kernel, kernel.createComm(TARGET, id));
      }
    }
  }

  async #open(kernel: Kernel.IKernelConnection, comm: Kernel.IComm): Promise<void> {
    comm.onMsg = ({ content }) => {
      const data = content.data as Message;
      if (data['op'] === 'notebook') {
        this.#hub?.send({ request: String(data['request']), ...this.#page.readNotebook() });
      }
      this.#waiting.get(String(data['id']))?.(data);
    };
    comm.onClose = () => this.#close();
    if (kernel.supportsSubshells) {
      await (comm as SubshellComm).subshellStarted;
    }
    comm.send({ op: 'hello', version, app: this.#page.app });
    this.#comm = comm;
    this.isOpen.value = true;
    await this.#openHub(kernel);
  }

  /**
   * Opens the comm that the kernel's questions are answered on. The kernel never writes on it, and so its messages are
   * heard while a cell runs.
   */
  async #openHub(kernel: Kernel.IKernelConnection): Promise<void> {
    const hub = kernel.createComm(HUB);
    if (kernel.supportsSubshells) {
      await (hub as SubshellComm).subshellStarted;
    }
    if (this.#comm !== null && !hub.isDisposed) {
      hub.open();
      this.#hub = hub;
    }
  }

  #close(): void {
    this.#comm = null;
    this.#hub = null;
    this.isOpen.value = false;
  }
}

/** A kernel that ends while it is linked refuses what it was asked: the next one is linked anew. */
function untilItEnds(work: Promise<void>): void {
  work.catch(() => undefined);
}
