import type { NotebookPanel } from '@jupyterlab/notebook';

/**
 * Makes a notebook as it was one to read: it starts no kernel by itself, and what is drawn in it is no change that
 * anybody is asked to save.
 */
export function keepPast({ context, sessionContext }: Pick<NotebookPanel, 'context' | 'sessionContext'>): void {
  const { model } = context;
  sessionContext.kernelPreference = {
    ...sessionContext.kernelPreference,
    shouldStart: false,
    autoStartDefault: false,
  };
  model.readOnly = true;
  model.stateChanged.connect(() => {
    if (model.dirty) {
      model.dirty = false;
    }
  });
}
