import type { AnyModel, RenderProps } from '@anywidget/types';
import { mountPage } from '../core/page';
import { offerRecords } from '../core/record';
import { KERNEL_GONE } from '../core/source';
import { type Undo, undoAll } from '../core/undo';
import type { Page } from '../core/view';
import type { ViewRecord, ViewState } from '../core/wire';
import { CommSource } from './comm-source';

/** The traits of `trackside.widgets.View`. */
interface ViewModel {
  record: ViewRecord;
  state: ViewState;
  selected_ids: string[];
}

const SYNC_PAUSE_MS = 150;

function render({ model, el, experimental, signal }: RenderProps<ViewModel>): Undo {
  const record: ViewRecord = { ...model.get('record'), state: model.get('state') };
  const listen = (read: (message: unknown) => void): Undo => {
    model.on('msg:custom', read);
    return () => model.off('msg:custom', read);
  };
  const source = new CommSource(experimental.invoke, listen, record, signal);
  el.addEventListener(KERNEL_GONE, () => void source.lose('the kernel is gone'), { signal });
  const { page, dispose } = mountPage(el, record, source, { notice: source.notice });
  return undoAll([dispose, syncChoices(model, page), offerRecords(el, page, record)]);
}

/** Tells Python what the user chose and selected. */
function syncChoices(model: AnyModel<ViewModel>, { state, selection, table }: Page): Undo {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = (): void => {
    model.set('state', state.value);
    model.set('selected_ids', selection.selected(table.value.run_ids));
    model.save_changes();
  };
  const plan = (): void => {
    clearTimeout(timer);
    timer = setTimeout(save, SYNC_PAUSE_MS);
  };
  return undoAll([
    () => clearTimeout(timer),
    state.subscribe(plan),
    selection.ticked.subscribe(plan),
    selection.filters.subscribe(plan),
    table.subscribe(plan),
  ]);
}

export default { render };
