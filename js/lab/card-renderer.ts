import type { IRenderMime } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';
import { mountCard } from '../core/card';
import type { CardRecord } from '../core/wire';

export const CARD_MIME = 'application/vnd.trackside.card.v1+json';

/** Draws a run's card; drawn again whenever the kernel renews it. */
export class CardRenderer extends Widget implements IRenderMime.IRenderer {
  #undo: (() => void) | undefined;

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const card = model.data[CARD_MIME] as unknown as CardRecord;
    this.#undo?.();
    this.#undo = mountCard(this.node, card);
  }

  override dispose(): void {
    this.#undo?.();
    super.dispose();
  }
}
