import { runColour } from '../colours';
import { make } from '../elements';
import { runName } from '../runs';
import type { RunTable } from '../wire';

const AWAY = 14;

/** The name of the run under the pointer, beside it. */
export class RunTip {
  readonly element = make('div', { class: 'trackside-readout', hidden: true });

  hide(): void {
    this.element.hidden = true;
  }

  /** Shows the name near the pointer, within `plot`. */
  show(run: string, table: RunTable, event: PointerEvent, plot: HTMLElement): void {
    const { element } = this;
    element.replaceChildren(
      make('i', { style: `background: ${runColour(run, table)}` }),
      make('b', {}, runName(run, table)),
    );
    element.hidden = false;
    const bounds = plot.getBoundingClientRect();
    const x = Math.max(0, Math.min(event.clientX - bounds.left + AWAY, bounds.width - element.offsetWidth));
    const above = event.clientY - bounds.top - AWAY - element.offsetHeight;
    const y = above > 0 ? above : event.clientY - bounds.top + AWAY;
    element.style.transform = `translate(${Math.round(x + plot.scrollLeft)}px, ${Math.round(y)}px)`;
  }
}
