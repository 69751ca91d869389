import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KernelLink } from './kernel-link';

type Slot = (sender: unknown, args: never) => void;

class FakeSignal {
  readonly slots = new Set<Slot>();
  connect = (slot: Slot, owner: unknown) => this.slots.add(slot.bind(owner));
  disconnect = vi.fn();
  emit(args: unknown): void {
    for (const slot of this.slots) {
      slot(null, args as never);
    }
  }
}

class FakeComm {
  readonly sent: Record<string, unknown>[] = [];
  readonly isDisposed = false;
  isOpen = false;
  readonly subshellStarted = Promise.resolve();
  onMsg: (message: unknown) => void = () => undefined;
  onClose: () => void = () => undefined;
  readonly answer: (data: Record<string, unknown>) => Record<string, unknown> | null;

  constructor(answer: FakeComm['answer'] = () => null) {
    this.answer = answer;
  }

  open(): void {
    this.isOpen = true;
  }

  close(): void {
    this.isOpen = false;
  }

  send(data: Record<string, unknown>): void {
    this.sent.push(data);
    const answer = this.answer(data);
    if (answer !== null) {
      this.onMsg({ content: { data: { id: data['id'], ...answer } } });
    }
  }
}

/** A notebook whose kernel has Trackside: `open` is the kernel's hello; `found` are comms from before the page. */
function notebook(found: Record<string, FakeComm> = {}) {
  let open: (comm: FakeComm) => void = () => undefined;
  const hubs: FakeComm[] = [];
  const kernel = {
    handleComms: true,
    supportsSubshells: true,
    registerCommTarget: (_: string, callback: (comm: FakeComm) => void) => {
      open = callback;
    },
    requestCommInfo: async () => ({ content: { status: 'ok', comms: found } }),
    hasComm: () => false,
    createComm: (target: string, id: string) => {
      if (target === 'trackside.hub') {
        hubs.push(new FakeComm());
        return hubs.at(-1);
      }
      return found[id];
    },
  } as unknown as Kernel.IKernelConnection;
  const [kernelChanged, statusChanged] = [new FakeSignal(), new FakeSignal()];
  const session = { session: { kernel }, kernelChanged, statusChanged } as unknown as ISessionContext;
  const page = { app: 'JupyterLab', readNotebook: () => ({ path: 'train.ipynb', dirty: true, cells: [] }) };
  const link = new KernelLink(session, page);
  return { link, hubs, open: (comm: FakeComm) => open(comm), kernelChanged, statusChanged };
}

describe('the link to a kernel', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const settle = () => vi.advanceTimersByTimeAsync(0);

  test('says hello when the kernel does', async () => {
    const { link, open } = notebook();
    const comm = new FakeComm();
    expect(link.isOpen.value).toBe(false);
    open(comm);
    await settle();
    expect(comm.sent).toMatchObject([{ op: 'hello', app: 'JupyterLab' }]);
    expect(link.isOpen.value).toBe(true);
  });

  test('takes up what the kernel opened before the page was there', async () => {
    const comm = new FakeComm(() => ({ op: 'ignored' }));
    const { link } = notebook({ c1: comm });
    await settle();
    expect(link.isOpen.value).toBe(true);
    expect(await link.request('ignore', { name: 'lr' })).toMatchObject({ op: 'ignored' });
  });

  test('hands an answer to whoever asked, and a failure as an error', async () => {
    const { link, open } = notebook();
    open(
      new FakeComm(({ op, name }) => {
        if (op === 'hello') {
          return null;
        }
        return name === 'lr' ? { op: 'ignored', name } : { op: 'failure', message: `No run has ${name}.` };
      }),
    );
    await settle();
    const [lr, seed] = [link.request('ignore', { name: 'lr' }), link.request('ignore', { name: 'seed' })];
    await expect(seed).rejects.toThrow('No run has seed.');
    expect(await lr).toMatchObject({ name: 'lr' });
  });

  test('says so where no answer comes', async () => {
    const { link, open } = notebook();
    open(new FakeComm());
    await settle();
    const answer = expect(link.request('ignore', { name: 'lr' })).rejects.toThrow('The kernel did not answer.');
    await vi.advanceTimersByTimeAsync(11_000);
    await answer;
  });

  test('tells the kernel how the notebook stands, on a comm that the kernel never writes on', async () => {
    const { link, hubs, open } = notebook();
    const comm = new FakeComm();
    open(comm);
    await settle();
    const [hub] = hubs;
    expect(hub?.isOpen).toBe(true);
    comm.onMsg({ content: { data: { op: 'notebook', request: 'r1' } } });
    expect(hub?.sent).toEqual([{ request: 'r1', path: 'train.ipynb', dirty: true, cells: [] }]);
    expect(comm.sent).toHaveLength(1);
    link.dispose();
    expect(hub?.isOpen).toBe(false);
  });

  test('answers on a comm of the new kernel once there is another', async () => {
    const { hubs, open, statusChanged } = notebook();
    open(new FakeComm());
    await settle();
    statusChanged.emit('restarting');
    const comm = new FakeComm();
    open(comm);
    await settle();
    comm.onMsg({ content: { data: { op: 'notebook', request: 'r2' } } });
    expect(hubs.map(({ sent }) => sent.length)).toEqual([0, 1]);
  });

  test('is shut when the kernel restarts or is another, and open again at its hello', async () => {
    const { link, open, statusChanged, kernelChanged } = notebook();
    for (const end of [() => statusChanged.emit('restarting'), () => kernelChanged.emit({ newValue: null })]) {
      open(new FakeComm());
      await settle();
      expect(link.isOpen.value).toBe(true);
      end();
      expect(link.isOpen.value).toBe(false);
    }
  });
});
