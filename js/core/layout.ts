import './layout.css';
import { make, makeSvg } from './elements';
import type { Observable } from './observable';
import type { Undo } from './undo';
import type { ViewState } from './wire';

export type Layout = NonNullable<ViewState['layout']>;
export type Panel = ViewState['panels'][number];

const CHOICES: readonly { layout: Layout; title: string; path: string }[] = [
  { layout: 'stack', title: 'Panels below each other', path: 'M2 3h12v4H2zM2 9h12v4H2z' },
  { layout: 'tiles', title: 'Panels beside each other', path: 'M2 3h5v4H2zM9 3h5v4H9zM2 9h5v4H2zM9 9h5v4H9z' },
  { layout: 'tabs', title: 'One panel at a time', path: 'M2 3h4v3h8v7H2zM8 3h2M12 3h2' },
];
const ENLARGE = 'M9 3h4v4M13 3L9 7M7 13H3V9M3 13l4-4';
const REDUCE = 'M14 6h-4V2M10 6l4-4M2 10h4v4M6 10l-4 4';

/** The panel that has the page to itself: the tab in front, or a tile that was made large. Null where all stand there. */
export function frontPanel({ layout = 'stack', front = null, panels }: ViewState): Panel | null {
  const chosen = front !== null && panels.includes(front) ? front : null;
  return { stack: null, tiles: chosen, tabs: chosen ?? panels[0] ?? null }[layout];
}

/** Whether no other panel is in front of one that is shown. */
export function isInFront(panel: Panel, state: ViewState): boolean {
  return [null, panel].includes(frontPanel(state));
}

/** Buttons that choose how the panels stand. */
export function layoutChooser(state: Observable<ViewState>): { element: HTMLElement; dispose: Undo } {
  const choose = (layout: Layout): void => {
    const front = layout === 'tabs' ? (state.value.front ?? null) : null;
    state.value = { ...state.value, layout, front };
  };
  const buttons = CHOICES.map(({ layout, title, path }) =>
    make(
      'button',
      { type: 'button', value: layout, title, 'aria-label': title, click: () => choose(layout) },
      icon(path),
    ),
  );
  const show = (): void => {
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(button.value === (state.value.layout ?? 'stack')));
    }
  };
  show();
  const attributes = { class: 'trackside-switches trackside-layouts', role: 'group', 'aria-label': 'Layout' };
  return { element: make('span', attributes, ...buttons), dispose: state.subscribe(show) };
}

/** The head of a tile. Its button, or a double-click, gives the tile the whole page, and takes that back. */
export function tileHead(
  panel: Panel,
  word: string,
  state: Observable<ViewState>,
): { element: HTMLElement; dispose: Undo } {
  const toggle = (): void => {
    state.value = { ...state.value, front: state.value.front === panel ? null : panel };
  };
  const button = make('button', { type: 'button', click: toggle });
  const show = (): void => {
    const isLarge = state.value.front === panel;
    const title = isLarge ? 'Back to the other tiles' : `${word} on the whole page`;
    for (const name of ['title', 'aria-label']) {
      button.setAttribute(name, title);
    }
    button.replaceChildren(icon(isLarge ? REDUCE : ENLARGE));
  };
  show();
  const dblclick = (event: Event): void => {
    if (!(event.target instanceof Node && button.contains(event.target))) {
      toggle();
    }
  };
  const element = make('div', { class: 'trackside-tile-head', dblclick }, make('b', {}, word), button);
  return { element, dispose: state.subscribe(show) };
}

function icon(path: string): SVGElement {
  return makeSvg('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, makeSvg('path', { d: path }));
}
