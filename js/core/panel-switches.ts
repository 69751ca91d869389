import { make } from './elements';
import { frontPanel, type Panel } from './layout';
import { KINDS, ORDER, panelId } from './panels';
import type { Undo } from './undo';
import type { Page } from './view';
import type { ViewState } from './wire';

/** A row of switches, one for each panel; where one panel is shown at a time they are tabs. */
export function panelSwitches(page: Pick<Page, 'id' | 'state'>): { element: HTMLElement; dispose: Undo } {
  const { state } = page;
  const press = (panel: Panel, alone = false): void => {
    state.value = pressed(state.value, panel, alone);
  };
  const buttons = ORDER.map((panel) =>
    make(
      'button',
      {
        type: 'button',
        value: panel,
        title: `${KINDS[panel].label}. Shift-click shows nothing else.`,
        click: (event) => press(panel, (event as MouseEvent).shiftKey),
      },
      KINDS[panel].word,
    ),
  );
  const element = make('span', { class: 'trackside-switches', 'aria-label': 'Panels' }, ...buttons);
  const show = (): void => {
    const isTabs = state.value.layout === 'tabs';
    const front = frontPanel(state.value);
    element.setAttribute('role', isTabs ? 'tablist' : 'group');
    for (const button of buttons) {
      const isOn = isTabs ? button.value === front : state.value.panels.includes(button.value as Panel);
      button.setAttribute('role', isTabs ? 'tab' : 'button');
      button.tabIndex = isTabs && !isOn ? -1 : 0;
      button.removeAttribute('aria-controls'); // the panels of other tabs are hidden, or not there
      if (isTabs && front !== null && isOn) {
        button.setAttribute('aria-controls', panelId(page, front));
      }
      button.removeAttribute(isTabs ? 'aria-pressed' : 'aria-selected');
      button.setAttribute(isTabs ? 'aria-selected' : 'aria-pressed', String(isOn));
    }
  };
  element.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const next = at < 0 || state.value.layout !== 'tabs' ? null : nextTab(event.key, at);
    if (next !== null) {
      event.preventDefault();
      event.stopPropagation();
      buttons[next]?.focus(); // Enter or the space bar opens it: the panels passed on the way ask for nothing
    }
  });
  show();
  return { element, dispose: state.subscribe(show) };
}

/** The tab that a key leads to from the one at `at`, round in a circle; null for other keys. */
function nextTab(key: string, at: number): number | null {
  const last = ORDER.length - 1;
  const keys: Record<string, number> = {
    ArrowRight: at === last ? 0 : at + 1,
    ArrowLeft: at === 0 ? last : at - 1,
    Home: 0,
    End: last,
  };
  return keys[key] ?? null;
}

/** The state after a switch was used. A tab that was in front once stays open behind the others. */
export function pressed(state: ViewState, panel: Panel, alone: boolean): ViewState {
  if (state.layout !== 'tabs') {
    return { ...state, panels: switched(state.panels, panel, alone), front: null };
  }
  const open = new Set([...(alone ? [] : state.panels), panel]);
  return { ...state, panels: ORDER.filter((each) => open.has(each)), front: panel };
}

/** The panels after a switch was used; the last one stays. */
export function switched(panels: readonly Panel[], panel: Panel, alone: boolean): Panel[] {
  const wanted = new Set(panels);
  if (alone) {
    return [panel];
  }
  if (!wanted.delete(panel)) {
    wanted.add(panel);
  }
  return wanted.size > 0 ? ORDER.filter((each) => wanted.has(each)) : [...panels];
}
