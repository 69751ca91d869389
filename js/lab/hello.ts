import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import { version } from '../../package.json';

const TARGET = 'trackside.lab';

// The interface hides it: until the comm's subshell has started, messages wait for the cell that runs.
type SubshellComm = Kernel.IComm & { readonly subshellStarted: Promise<void> };

/** Answers a notebook's kernels that ask whether Trackside's renderers are there. */
export function answerHello(session: ISessionContext): IDisposable {
  const listen = (kernel: Kernel.IKernelConnection | null | undefined): void => {
    if (!kernel?.handleComms) {
      return;
    }
    // Not awaited: the kernel's next messages, the subshell's start among them, wait for what is returned here.
    kernel.registerCommTarget(TARGET, (comm) => void answer(kernel, comm));
  };
  const onKernel = (_: ISessionContext, change: { newValue: Kernel.IKernelConnection | null }): void =>
    listen(change.newValue);
  session.kernelChanged.connect(onKernel);
  listen(session.session?.kernel);
  return new DisposableDelegate(() => session.kernelChanged.disconnect(onKernel));
}

async function answer(kernel: Kernel.IKernelConnection, comm: Kernel.IComm): Promise<void> {
  if (kernel.supportsSubshells) {
    await (comm as SubshellComm).subshellStarted;
  }
  comm.send({ op: 'hello', version });
}
