import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { CARD_MIME, CardRenderer } from './card-renderer';
import type { KernelLink } from './kernel-link';
import type { StoredRuns } from './server/stored-runs';
import { VIEW_MIME, ViewRenderer } from './view-renderer';

// A smaller rank is preferred; ipywidgets registers its view at -10 and Jupyter its HTML at 50.
const RANK = -20;

/**
 * Makes a registry draw our records. Each notebook has its own: the one ipywidgets gives its manager to. `link` is the
 * door to the notebook's kernel, `stored` that to the store with its runs; null where outputs are drawn that have none.
 */
export function addRenderers(registry: IRenderMimeRegistry, link: KernelLink | null, stored: StoredRuns | null): void {
  const createView = (): ViewRenderer => new ViewRenderer(registry, link, stored);
  const createCard = (): CardRenderer => new CardRenderer(link, stored);
  registry.addFactory({ safe: true, mimeTypes: [VIEW_MIME], createRenderer: createView }, RANK);
  registry.addFactory({ safe: true, mimeTypes: [CARD_MIME], createRenderer: createCard }, RANK);
}
