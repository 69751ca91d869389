import type { IRenderMime, IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { PanelLayout, Widget } from '@lumino/widgets';
import { FirstSight } from '../core/first-sight';
import { mountPage } from '../core/page';
import { isSameRecord, offerRecords, RECORD_EVENT, type RecordOffer } from '../core/record';
import { SavedSource } from '../core/saved-source';
import { KERNEL_GONE, type Source } from '../core/source';
import { type Undo, undoAll } from '../core/undo';
import type { Page } from '../core/view';
import type { ViewRecord } from '../core/wire';
import type { KernelLink } from './kernel-link';
import { findLiveView } from './live-view';
import type { StoredRuns } from './server/stored-runs';
import { keepWhole, RecordSource } from './stored-record';

export const VIEW_MIME = 'application/vnd.trackside.view.v1+json';
const HTML_MIME = 'text/html';
/** What has just come into sight is laid out, asked for and drawn in this time. */
const DRAWING_MS = 2000;
/** A kernel that has the view's widget shows it in this time; only then is the store left alone. */
const WIDGET_MS = 800;

/**
 * Draws a view from its saved record at once and, when the live widget behind it answers, shows that in its place. Where
 * none does, or its kernel dies, the store answers what the view asks, if it has the runs. What is then shown is kept in
 * the output: the record, and HTML with its pictures.
 */
export class ViewRenderer extends Widget implements IRenderMime.IRenderer {
  readonly #registry: IRenderMimeRegistry;
  readonly #stored: StoredRuns | null;
  readonly #ignoreKernel: Undo | undefined;
  readonly #sight = new FirstSight();
  /** Where pages of our own are drawn, from the record or from the store. */
  readonly #own = new Widget();
  #page: Page | undefined;
  #endPage: Undo | undefined;
  #model: IRenderMime.IMimeModel | undefined;
  #shown: ViewRecord | undefined;
  #lifetime = new AbortController();
  /** The live widget's view, while that is what is shown. */
  #widget: IRenderMime.IRenderer | undefined;
  /** What the live page offered last: a kernel that is slow to answer has it offered before it is shown. */
  #liveOffer: RecordOffer | undefined;

  constructor(registry: IRenderMimeRegistry, link: KernelLink | null, stored: StoredRuns | null) {
    super();
    this.#registry = registry;
    this.#stored = stored;
    this.#ignoreKernel = link?.isOpen.subscribe((isOpen) => {
      if (!isOpen && this.#widget !== undefined) {
        this.#widget.node.querySelector('.trackside')?.dispatchEvent(new Event(KERNEL_GONE, { bubbles: true }));
        void this.#askStore(this.#lifetime.signal);
      }
    });
    const layout = new PanelLayout();
    this.layout = layout;
    layout.addWidget(this.#own);
    this.node.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) {
        this.node.closest<HTMLElement>('.jp-Cell')?.focus({ preventScroll: true });
      }
    });
    this.node.addEventListener(RECORD_EVENT, (event) => {
      const { detail } = event as CustomEvent<RecordOffer>;
      if (event.target instanceof Node && !this.#own.node.contains(event.target)) {
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
    this.#ignoreKernel?.();
    this.#sight.dispose();
    this.#end();
    super.dispose();
  }

  #draw(record: ViewRecord): void {
    const { signal } = this.#lifetime;
    this.#show(record, new SavedSource(record));
    if (record.model_id) {
      void this.#findWidget(record.model_id, signal);
    }
    setTimeout(() => {
      if (!signal.aborted && this.#widget === undefined) {
        this.#sight.once(this.#own.node, () => void this.#askStore(signal));
      }
    }, WIDGET_MS);
  }

  /** Draws a page of our own in place of what was shown. */
  #show(record: ViewRecord, source: Source): void {
    this.#clear();
    this.#own.show();
    const { node } = this.#own;
    const { page, dispose } = mountPage(node, record, source);
    this.#page = page;
    this.#endPage = undoAll([dispose, offerRecords(node, page, record)]);
  }

  async #findWidget(modelId: string, signal: AbortSignal): Promise<void> {
    const layout = this.layout as PanelLayout;
    const widget = await findLiveView(this.#registry, layout, modelId, signal);
    if (widget === null) {
      return;
    }
    this.#sight.forget(this.#own.node);
    this.#clear();
    this.#own.hide();
    this.#widget = widget;
    widget.show();
    setTimeout(() => {
      if (!signal.aborted && this.#widget === widget && this.#liveOffer !== undefined) {
        void this.#keep(this.#liveOffer);
      }
    }, DRAWING_MS);
  }

  /** Has the store answer what the view asks, if it has its runs. */
  async #askStore(signal: AbortSignal): Promise<void> {
    const [record, before] = [this.#shown, this.#widget];
    if (record === undefined) {
      return;
    }
    // Without an answer what is shown stays as it is: that needs no words of ours.
    const source = await this.#stored?.sourceOf(record.table.run_ids, signal).catch(() => null);
    if (source && !signal.aborted && this.#widget === before) {
      const state = this.#page?.state.value;
      // Older runs than those of the record cannot be asked for.
      const table = { ...record.table, newest: null };
      this.#show({ ...record, state: state ?? record.state, table }, new RecordSource(source, record));
    }
  }

  #end(): void {
    this.#lifetime.abort();
    this.#clear();
    this.#liveOffer = undefined;
    this.#lifetime = new AbortController();
  }

  #clear(): void {
    this.#endPage?.();
    this.#endPage = undefined;
    this.#page = undefined;
    this.#widget?.dispose();
    this.#widget = undefined;
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
    const whole = this.#page?.source.live && this.#shown ? keepWhole(drawn, this.#shown) : drawn;
    const record = { ...whole, model_id: this.#shown?.model_id ?? null };
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
    return draws && this.#widget !== undefined && !this.#savedHtml().includes('<img');
  }

  #savedHtml(): string {
    const html = this.#model?.data[HTML_MIME];
    return Array.isArray(html) ? html.join('') : String(html ?? '');
  }
}
