import type { IRenderMime, IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { PanelLayout, Widget } from '@lumino/widgets';
import { mountPage } from '../core/page';
import { isSameRecord, offerRecords, RECORD_EVENT, type RecordOffer } from '../core/record';
import { SavedSource } from '../core/saved-source';
import type { ViewRecord } from '../core/wire';
import { findLiveView } from './live-view';

export const VIEW_MIME = 'application/vnd.trackside.view.v1+json';
const HTML_MIME = 'text/html';
/** What has just come into sight is laid out, asked for and drawn in this time. */
const DRAWING_MS = 2000;

/**
 * Draws a view from its saved record at once and, when the live widget behind it answers, shows that in its place.
 * What either of them then shows is kept in the output: the record, and HTML with its pictures.
 */
export class ViewRenderer extends Widget implements IRenderMime.IRenderer {
  readonly #registry: IRenderMimeRegistry;
  readonly #saved = new Widget();
  #model: IRenderMime.IMimeModel | undefined;
  #shown: ViewRecord | undefined;
  #lifetime = new AbortController();
  #isLive = false;
  /** What the live page offered last: a kernel that is slow to answer has it offered before it is shown. */
  #liveOffer: RecordOffer | undefined;

  constructor(registry: IRenderMimeRegistry) {
    super();
    this.#registry = registry;
    const layout = new PanelLayout();
    this.layout = layout;
    layout.addWidget(this.#saved);
    this.node.addEventListener(RECORD_EVENT, (event) => {
      const { detail } = event as CustomEvent<RecordOffer>;
      if (event.target instanceof Node && !this.#saved.node.contains(event.target)) {
        this.#liveOffer = detail;
      }
      void this.#keep(detail);
    });
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const record = model.data[VIEW_MIME] as unknown as ViewRecord;
    this.#model = model;
    if (this.#shown !== undefined && isSameRecord(this.#shown, record) && this.#shown.model_id === record.model_id) {
      return; // Our own writing comes back to us, and so do changes of other outputs of the cell.
    }
    this.#end();
    this.#shown = record;
    this.#draw(record);
  }

  override dispose(): void {
    this.#end();
    super.dispose();
  }

  #draw(record: ViewRecord): void {
    const { signal } = this.#lifetime;
    const { page, dispose } = mountPage(this.#saved.node, record, new SavedSource(record));
    const stopOffering = offerRecords(this.#saved.node, page, record);
    const undo = (): void => {
      stopOffering();
      dispose();
    };
    this.#saved.show();
    signal.addEventListener('abort', undo, { once: true });
    if (record.model_id) {
      void this.#goLive(record.model_id, signal, undo);
    }
  }

  async #goLive(modelId: string, signal: AbortSignal, endSaved: () => void): Promise<void> {
    const layout = this.layout as PanelLayout;
    const view = await findLiveView(this.#registry, layout, modelId, signal);
    if (view === null) {
      return;
    }
    signal.removeEventListener('abort', endSaved);
    endSaved();
    this.#saved.hide();
    this.#isLive = true;
    view.show();
    setTimeout(() => {
      if (!signal.aborted && this.#liveOffer !== undefined) {
        void this.#keep(this.#liveOffer);
      }
    }, DRAWING_MS);
    signal.addEventListener('abort', () => view.dispose(), { once: true });
  }

  #end(): void {
    this.#lifetime.abort();
    this.#isLive = false;
    this.#liveOffer = undefined;
    this.#lifetime = new AbortController();
  }

  /** Writes what is shown into the output, if that tells more than what stands there. */
  async #keep({ changed, draw }: RecordOffer): Promise<void> {
    const { signal } = this.#lifetime;
    const model = this.#model;
    if (!changed && !this.#lacksPictures()) {
      return;
    }
    const { record: drawn, html } = await draw();
    // The live page does not know which widget it is the page of.
    const record = { ...drawn, model_id: this.#shown?.model_id ?? null };
    const isNews = this.#shown === undefined || !isSameRecord(this.#shown, record);
    if (signal.aborted || model === undefined || model !== this.#model || !(isNews || this.#lacksPictures())) {
      return;
    }
    this.#shown = record;
    model.setData({ data: { ...model.data, [VIEW_MIME]: record as never, [HTML_MIME]: html } });
  }

  /** Python leaves the pictures to us where it knows that we are here. Only then is a first drawing worth a write. */
  #lacksPictures(): boolean {
    const draws = this.#shown?.state.panels.some((panel) => panel !== 'table') ?? false;
    return draws && this.#isLive && !this.#savedHtml().includes('<img');
  }

  #savedHtml(): string {
    const html = this.#model?.data[HTML_MIME];
    return Array.isArray(html) ? html.join('') : String(html ?? '');
  }
}
