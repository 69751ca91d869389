import type { IRenderMime } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';
import { mountCard } from '../core/card';
import type { CardRecord } from '../core/wire';
import type { KernelLink } from './kernel-link';

export const CARD_MIME = 'application/vnd.trackside.card.v1+json';

/** Draws a run's card; drawn again whenever the kernel renews it. Where the kernel can be asked, names can be ignored. */
export class CardRenderer extends Widget implements IRenderMime.IRenderer {
  readonly #link: KernelLink | null;
  readonly #unsubscribe: (() => void) | undefined;
  #card: CardRecord | undefined;
  #undo: (() => void) | undefined;

  constructor(link: KernelLink | null) {
    super();
    this.#link = link;
    this.#unsubscribe = link?.isOpen.subscribe(() => this.#draw());
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.#card = model.data[CARD_MIME] as unknown as CardRecord;
    this.#draw();
  }

  override dispose(): void {
    this.#unsubscribe?.();
    this.#undo?.();
    super.dispose();
  }

  #draw(): void {
    const [card, link] = [this.#card, this.#link];
    if (card === undefined) {
      return;
    }
    const ignore = async (name: string, undo: boolean): Promise<void> => {
      await link?.request('ignore', { name, run_id: card.run_id, undo });
    };
    this.#undo?.();
    this.#undo = mountCard(this.node, card, link?.isOpen.value && card.run_id ? ignore : null);
  }
}
