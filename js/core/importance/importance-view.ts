import './importance.css';
import { colourKey } from '../axes/colouring';
import { newAxis } from '../axes/columns';
import { make } from '../elements';
import { oncePerFrame } from '../frames';
import { longChooser } from '../long-chooser';
import { defaultAxes } from '../parallel/default-axes';
import { offerPicture } from '../picture';
import { findColumn } from '../runs';
import { chosenAxes } from '../scatter/chosen-axes';
import type { Page, View } from '../view';
import type { Importance, ViewState } from '../wire';
import { type BarEvents, barTable, type Shown } from './bars';
import { ImportanceLoader } from './importance-loader';
import { importancePicture } from './importance-picture';
import { importanceQuestion, ratedMetrics } from './question';
import { describeForest, importanceMessage } from './words';

/** Shows which params are important to a metric, and which way it goes with each. */
export const importanceView: View = (element, page) => {
  const panel = new ImportancePanel(element, page);
  return () => panel.dispose();
};

class ImportancePanel {
  readonly #page: Page;
  readonly #loader: ImportanceLoader;
  readonly #draw = oncePerFrame(() => this.#render());
  readonly #metric = longChooser('Metric', (importance_of) => this.#set({ importance_of }));
  readonly #choice = make('span', {}, 'important to ', this.#metric.element);
  readonly #forest = make('span', { class: 'trackside-note', role: 'status' });
  readonly #bars = make('div', { class: 'trackside-importance-bars' });
  readonly #message = make('div', { class: 'trackside-empty', role: 'status', hidden: true });
  readonly #notes = make('div', { class: 'trackside-note' });
  readonly #root: HTMLElement;
  readonly #undo: (() => void)[] = [];
  readonly #events: BarEvents;
  #asked = '';
  #drawn = '';

  constructor(element: HTMLElement, page: Page) {
    this.#page = page;
    this.#loader = new ImportanceLoader(page.source);
    this.#events = {
      colourBy: (key) => this.#set(colouredBy(page, key)),
      scatter: (key) => this.#set(scatteredBy(page, key)),
      toggleAxis: (key) => this.#set(axisToggled(page, key)),
    };
    this.#root = make(
      'section',
      { class: 'trackside-importance', 'aria-label': 'Importance of params' },
      make(
        'div',
        { class: 'trackside-toolbar', role: 'toolbar', 'aria-label': 'Importance' },
        this.#choice,
        this.#forest,
      ),
      this.#bars,
      this.#message,
      this.#notes,
    );
    offerPicture(this.#root, 'importance', () => {
      const { importance } = this.#loader.loaded.value;
      return importance !== null && importance.params.length > 0 ? importancePicture(importance) : null;
    });
    element.append(this.#root);
    const { selection, state, table } = page;
    const ask = (): void => this.#ask();
    this.#undo.push(
      this.#metric.dispose,
      this.#loader.loaded.subscribe(this.#draw.request),
      state.subscribe(ask),
      selection.filters.subscribe(ask),
      table.subscribe(() => this.#ask(true)),
    );
    this.#ask();
  }

  dispose(): void {
    for (const undo of this.#undo) {
      undo();
    }
    this.#draw.cancel();
    this.#loader.dispose();
    this.#root.remove();
  }

  /** Asks what is wanted now, unless that was the last question; `again` asks anyhow, for there is news. */
  #ask(again = false): void {
    const question = importanceQuestion(this.#page);
    const asked = JSON.stringify(question);
    if (question !== null && (again || asked !== this.#asked)) {
      this.#loader.ask(question);
    }
    this.#asked = asked;
    this.#draw.request();
  }

  #set(change: Partial<ViewState>): void {
    this.#page.state.value = { ...this.#page.state.value, ...change };
  }

  #render(): void {
    const loaded = this.#loader.loaded.value;
    const metrics = ratedMetrics(this.#page.table.value);
    const metric = importanceQuestion(this.#page)?.metric ?? null;
    this.#metric.show({ value: metric ?? '', choices: metrics.map((value) => ({ value, label: value })) });
    this.#choice.hidden = metric === null;
    const message = importanceMessage(metric, loaded);
    this.#message.hidden = message === null;
    this.#message.textContent = message;
    this.#root.toggleAttribute('aria-busy', loaded.isLoading);
    const importance = message === null ? loaded.importance : null;
    this.#forest.textContent = importance && describeForest(importance);
    this.#notes.textContent = [
      ...(importance?.notes ?? []),
      ...(importance && loaded.problem ? [loaded.problem] : []),
    ].join(' ');
    this.#showBars(importance);
  }

  /** Drawn anew only when something in it changed, and then with the focus where it was. */
  #showBars(importance: Importance | null): void {
    const shown = shownElsewhere(this.#page);
    const drawn = JSON.stringify([importance, shown.colour, shown.scatterX, shown.axes && [...shown.axes]]);
    if (drawn === this.#drawn) {
      return;
    }
    this.#drawn = drawn;
    const focused = this.#bars.contains(document.activeElement) ? document.activeElement?.getAttribute('name') : null;
    this.#bars.replaceChildren(...(importance === null ? [] : [barTable(importance, this.#events, shown)]));
    if (focused != null) {
      [...this.#bars.querySelectorAll('button')].find(({ name }) => name === focused)?.focus();
    }
  }
}

/** What the other panels show of params. */
export function shownElsewhere({ table, state }: Page): Shown {
  const { panels, scatter, axes, colour_by } = state.value;
  const known = axes ?? defaultAxes(table.value);
  return {
    colour: colourKey(table.value, colour_by),
    scatterX: panels.includes('scatter') ? (chosenAxes(table.value, scatter)?.x.key ?? '') : null,
    axes: panels.includes('parallel') ? new Set(known.map(({ key }) => key)) : null,
  };
}

/** The choice to colour by a param; where nothing is there to be coloured, the scatter shows it. */
export function colouredBy(page: Page, key: string): Partial<ViewState> {
  const { panels } = page.state.value;
  if (panels.includes('parallel') || panels.includes('scatter')) {
    return { colour_by: key };
  }
  return { colour_by: key, panels: [...panels, 'scatter'], ...scatteredBy(page, key) };
}

/** The choice to lay a param along the scatter's x axis, against the metric that is rated. */
export function scatteredBy(page: Page, key: string): Partial<ViewState> {
  const { table, state } = page;
  const [column, metric] = [findColumn(table.value, key), importanceQuestion(page)?.metric];
  const rated = findColumn(table.value, `metric:${metric ?? ''}`);
  const axes = chosenAxes(table.value, state.value.scatter);
  const x = column ? newAxis(column) : axes?.x;
  const y = rated ? newAxis(rated) : axes?.y;
  return { scatter: { ...state.value.scatter, x: x ?? null, y: y ?? null } };
}

/** The choice to add a param to the parallel axes, before the last one, or to take it away. */
export function axisToggled({ table, state }: Page, key: string): Partial<ViewState> {
  const axes = state.value.axes ?? defaultAxes(table.value);
  const others = axes.filter((axis) => axis.key !== key);
  const column = findColumn(table.value, key);
  const isNew = others.length === axes.length && column !== undefined;
  return { axes: isNew ? [...others.slice(0, -1), newAxis(column), ...others.slice(-1)] : others };
}
