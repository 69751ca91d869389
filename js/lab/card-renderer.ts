import type { IRenderMime } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';
import { asLastSeen, mountCard } from '../core/card';
import { keepKeys } from '../core/keys';
import { followSight } from '../core/sight';
import { type Undo, undoAll } from '../core/undo';
import type { CardRecord } from '../core/wire';
import type { KernelLink } from './kernel-link';
import { paced } from './server/paced';
import type { Bundle, StoredRuns } from './server/stored-runs';

export const CARD_MIME = 'application/vnd.trackside.card.v1+json';

/** A kernel that has just loaded Trackside, or a page that has just opened, needs a moment to be linked. */
const LINKING_MS = 2500;
/** The kernel renews a card where it drew it; a page that was opened since is told nothing, and asks. */
const ASK_AGAIN_MS = 5000;

/**
 * Draws a run's card; drawn again whenever the kernel renews it. Where the kernel can be asked, names can be ignored.
 * A card of a running run that no kernel stands behind says so; one that can tell how the run went on is asked, and
 * without one the store. Nobody is asked while the card cannot be seen.
 */
export class CardRenderer extends Widget implements IRenderMime.IRenderer {
  readonly #link: KernelLink | null;
  readonly #stored: StoredRuns | null;
  readonly #unsubscribe: Undo;
  readonly #askedOfStore = paced(() => this.#askStore());
  #model: IRenderMime.IMimeModel | undefined;
  #card: CardRecord | undefined;
  /** Whether somebody is there who would know if the run had ended. */
  #isVouchedFor: boolean;
  #isSeen = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ignoreStore: Undo | undefined;
  #undo: Undo | undefined;

  constructor(link: KernelLink | null, stored: StoredRuns | null) {
    super();
    this.#link = link;
    this.#stored = stored;
    this.#isVouchedFor = link !== null;
    const onLink = (isOpen: boolean): void => {
      this.#isVouchedFor = isOpen;
      this.#draw();
      this.#follow(0);
    };
    this.#unsubscribe = undoAll([
      keepKeys(this.node),
      link?.isOpen.subscribe(onLink) ?? (() => undefined),
      followSight(this.node, (isSeen) => this.#onSight(isSeen)),
    ]);
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.#model = model;
    this.#card = model.data[CARD_MIME] as unknown as CardRecord;
    this.#draw();
    this.#follow(this.#link?.isOpen.value ? ASK_AGAIN_MS : LINKING_MS);
  }

  #onSight(isSeen: boolean): void {
    if (isSeen !== this.#isSeen) {
      this.#isSeen = isSeen;
      this.#follow(this.#link?.isOpen.value ? ASK_AGAIN_MS : LINKING_MS);
    }
  }

  override dispose(): void {
    this.#isSeen = false;
    this.#follow(0);
    this.#askedOfStore.dispose();
    this.#unsubscribe();
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
    const shown = card.status === 'running' && !this.#isVouchedFor ? asLastSeen(card) : card;
    this.#undo?.();
    this.#undo = mountCard(this.node, shown, link?.isOpen.value && card.run_id ? ignore : null);
  }

  /** Looks after `wait` milliseconds how a running run goes on; where there is no kernel to ask, the store tells. */
  #follow(wait: number): void {
    clearTimeout(this.#timer);
    const isOfInterest = this.#isSeen && this.#card?.status === 'running';
    if (!isOfInterest || this.#link?.isOpen.value) {
      this.#stopAskingStore();
    } else {
      this.#ignoreStore ??= this.#stored?.onNews(this.#askedOfStore.tell);
    }
    if (!isOfInterest || this.#link === null) {
      return;
    }
    this.#timer = setTimeout(() => {
      if (this.#link?.isOpen.value) {
        void this.#ask(this.#link);
      } else {
        this.#isVouchedFor = false;
        this.#draw();
      }
    }, wait);
  }

  async #ask(link: KernelLink): Promise<void> {
    const [model, card] = [this.#model, this.#card];
    let isKnown = true;
    try {
      const { bundle } = await link.request('card', { run_id: card?.run_id ?? '' });
      if (this.isDisposed || card !== this.#card) {
        return; // The kernel renewed the card meanwhile.
      }
      isKnown = bundle !== '';
      if (isKnown) {
        this.#take(JSON.parse(String(bundle)), model);
      }
    } catch {
      // A kernel too busy to answer, or one with an older Trackside: it is asked again.
    }
    this.#isVouchedFor = isKnown && link.isOpen.value;
    this.#draw();
    if (isKnown) {
      this.#follow(ASK_AGAIN_MS);
    }
  }

  #stopAskingStore(): void {
    this.#ignoreStore?.();
    this.#ignoreStore = undefined;
  }

  async #askStore(): Promise<void> {
    const [model, card] = [this.#model, this.#card];
    const found = (await this.#stored?.cardOf(card?.run_id ?? '', CARD_MIME)) ?? null;
    if (this.isDisposed || card !== this.#card || this.#link?.isOpen.value || found === null) {
      return;
    }
    if (found === 'unknown') {
      this.#stopAskingStore();
      return;
    }
    clearTimeout(this.#timer);
    this.#isVouchedFor = true;
    if (found !== 'running') {
      this.#take(found, model);
      this.#stopAskingStore();
    }
    this.#draw();
  }

  /** Shows a newer card; one of a run that has ended is kept in the notebook, in all its forms. */
  #take(bundle: Bundle, model: IRenderMime.IMimeModel | undefined): void {
    this.#card = bundle[CARD_MIME] as CardRecord;
    if (this.#card.status !== 'running') {
      model?.setData({ data: { ...model.data, ...(bundle as typeof model.data) } });
    }
  }
}
