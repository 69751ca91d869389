import { mainColumn } from '../axes/columns';
import { runColour } from '../colours';
import { make } from '../elements';
import { findCauses } from '../incomparable';
import { runName } from '../runs';
import { describeStanding } from '../table/comparison';
import type { Page } from '../view';

const AWAY = 14;

/** What the run under the pointer is called, beside it. */
export class RunTip {
  readonly element = make('div', { class: 'trackside-readout', hidden: true });

  hide(): void {
    this.element.hidden = true;
  }

  /** Shows the name, and how the run stands to the pinned one, near the pointer, within `plot`. */
  show(run: string, page: Page, event: PointerEvent, plot: HTMLElement): void {
    const { element } = this;
    const { table, selection } = page;
    const cause = findCauses(page).get(run);
    const main = mainColumn(table.value);
    const standing = describeStanding(table.value, main ? [main] : [], run, selection.pinned.value, cause);
    element.replaceChildren(
      make('i', { style: `background: ${runColour(run, table.value)}` }),
      make('b', {}, runName(run, table.value)),
      ...standing.map((words) => make('small', {}, words)),
    );
    element.hidden = false;
    const bounds = plot.getBoundingClientRect();
    const x = Math.max(0, Math.min(event.clientX - bounds.left + AWAY, bounds.width - element.offsetWidth));
    const above = event.clientY - bounds.top - AWAY - element.offsetHeight;
    const y = above > 0 ? above : event.clientY - bounds.top + AWAY;
    element.style.transform = `translate(${Math.round(x + plot.scrollLeft)}px, ${Math.round(y)}px)`;
  }
}
