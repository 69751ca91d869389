import type { TranslationBundle } from '@jupyterlab/translation';
import type { Undo } from '../../core/undo';
import type { KernelLink } from '../kernel-link';
import type { NotebookPlace } from '../server/notebook-place';

/**
 * Says once for each store that a kernel keeps its runs where the server does not see them: on another machine, or in a
 * folder that only the kernel knows of.
 */
export function tellElsewhere(
  link: Pick<KernelLink, 'isOpen' | 'request'>,
  place: Pick<NotebookPlace, 'refresh'>,
  trans: TranslationBundle,
  say: (message: string) => void,
): Undo {
  const told = new Set<string>();
  const compare = async (): Promise<void> => {
    const kernel = await link.request('place', {}).catch(() => null); // an older Trackside does not tell
    const server = kernel === null ? null : await place.refresh();
    const store = String(kernel?.['store']);
    if (server === null || server.store === store || told.has(store)) {
      return;
    }
    told.add(store);
    const [folder, host] = [String(kernel?.['folder']), String(kernel?.['host'])];
    say(
      trans.__(
        "The kernel keeps this notebook's runs in %1 on %2, which Jupyter's server does not see: it looks into %3. The side panel shows what is there; ts.runs() in the notebook shows the kernel's runs.",
        folder,
        host,
        server.folder,
      ),
    );
  };
  return link.isOpen.subscribe((isOpen) => void (isOpen && compare()));
}
