import type { IRenderMime, IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { MimeModel } from '@jupyterlab/rendermime';
import type { PanelLayout } from '@lumino/widgets';

const WIDGET_MIME = 'application/vnd.jupyter.widget-view+json';

// ipywidgets gives its manager only to renderers made after it took the notebook over, and a widget's model may still
// be on its way: a renderer that stays empty for a while is replaced by a new one.
const TRIES = 6;
const REFUSALS = 2;
const TRY_MS = 2500;
const LOOK_MS = 60;
const RETRY_MS = 500;

/**
 * Makes the view of a live widget, hidden, in `layout`. Null if there is no such widget: the kernel was restarted, the
 * notebook reopened, or ipywidgets is not installed.
 */
export async function findLiveView(
  registry: IRenderMimeRegistry,
  layout: PanelLayout,
  modelId: string,
  signal: AbortSignal,
): Promise<IRenderMime.IRenderer | null> {
  let refusals = 0;
  for (let attempt = 0; attempt < TRIES && refusals < REFUSALS && !signal.aborted; attempt++) {
    if (registry.mimeTypes.includes(WIDGET_MIME)) {
      const renderer = registry.createRenderer(WIDGET_MIME);
      renderer.hide();
      layout.addWidget(renderer);
      const data = { [WIDGET_MIME]: { model_id: modelId, version_major: 2, version_minor: 0 } };
      void renderer.renderModel(new MimeModel({ data, trusted: true }));
      const outcome = await watch(renderer.node, signal);
      if (outcome === 'shown') {
        return renderer;
      }
      refusals += Number(outcome === 'refused');
      renderer.dispose();
    }
    await pause(RETRY_MS);
  }
  return null;
}

/** Waits for the live page to get its first answer, or for ipywidgets to say that there is no such model. */
async function watch(node: HTMLElement, signal: AbortSignal): Promise<'shown' | 'refused' | 'silent'> {
  const deadline = performance.now() + TRY_MS;
  while (!signal.aborted) {
    await pause(LOOK_MS);
    const page = node.querySelector('.trackside');
    if (page?.hasAttribute('data-live')) {
      return 'shown';
    }
    if (node.textContent?.startsWith('Error displaying widget')) {
      return 'refused';
    }
    // A page that has no answer yet has a busy kernel: however long that takes, what was saved is shown meanwhile.
    if (page === null && performance.now() > deadline) {
      return 'silent';
    }
  }
  return 'silent';
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
