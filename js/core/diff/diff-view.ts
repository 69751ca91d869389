import './diff.css';
import { Asker, problemOf } from '../asker';
import { type Choice, chooser, segments } from '../controls';
import { make } from '../elements';
import { oncePerFrame } from '../frames';
import { offerStatic } from '../picture';
import { runLabel } from '../run-label';
import { runName } from '../runs';
import { type Undo, undoAll } from '../undo';
import type { Page, View } from '../view';
import type { Diff, DiffChoice } from '../wire';
import { mergeDiffs } from './merge';
import { drawSections } from './sections';
import { chooseSides, type Sides } from './sides';
import { staticDiff } from './static-diff';

/** Two texts side by side need so many pixels. */
const SIDE_BY_SIDE_WIDTH = 620;
const MOST_CHOICES = 300;
/** The pointer crosses many runs on its way. */
const POINTED_MS = 250;
const NO_PAIR = 'Two runs are needed to tell what differs: run the cell again with something changed.';

/** Shows in what runs differ: params, metrics, code, data, packages, machine, notebook. */
export const diffView: View = (element, page) => {
  const panel = new DiffPanel(element, page);
  return () => panel.dispose();
};

/** What is drawn: the runs and their diffs. */
interface Drawn {
  readonly sides: Sides;
  readonly diffs: readonly Diff[];
}

class DiffPanel {
  readonly #page: Page;
  readonly #asker: Asker;
  readonly #draw = oncePerFrame(() => this.#render());
  readonly #before = chooser('Before', (before) => this.#choose({ before: before || null }));
  readonly #after = chooser('After', (after) => this.#choose({ after: after || null }));
  readonly #layout = segments(
    'Layout of texts',
    [
      { value: 'beside', label: 'Side by side', title: 'Both texts side by side' },
      { value: 'unified', label: 'Unified', title: 'One text, with what was removed above what was added' },
    ],
    (layout) => this.#choose({ side_by_side: layout === 'beside' }),
  );
  readonly #follow = make(
    'button',
    {
      type: 'button',
      title: 'Compare what is ticked or pinned',
      click: () => this.#choose({ before: null, after: null }),
    },
    'Follow selection',
  );
  readonly #head = make('div', { class: 'trackside-diff-head' });
  readonly #body = make('div', { class: 'trackside-diff-body' });
  readonly #message = make('div', { class: 'trackside-empty', role: 'status', hidden: true });
  readonly #root: HTMLElement;
  readonly #opened = new Map<string, boolean>();
  readonly #undo: Undo;
  #pointed: string | null = null;
  #drawn: Drawn | null = null;
  #asked = '';
  #isWide = true;

  constructor(element: HTMLElement, page: Page) {
    this.#page = page;
    this.#asker = new Asker(page.source);
    this.#root = make(
      'section',
      { class: 'trackside-diff-panel', 'aria-label': 'Differences of runs' },
      make(
        'div',
        { class: 'trackside-toolbar', role: 'toolbar', 'aria-label': 'Differences' },
        this.#before.element,
        make(
          'button',
          { type: 'button', 'aria-label': 'Swap', title: 'Swap both sides', click: () => this.#swap() },
          '⇄',
        ),
        this.#after.element,
        this.#layout.element,
        this.#follow,
      ),
      this.#message,
      make('div', { class: 'trackside-diff-sides' }, this.#head, this.#body),
    );
    offerStatic(
      this.#root,
      () => this.#drawn && staticDiff(mergeDiffs(this.#drawn.diffs), this.#drawn.sides, page.table.value),
    );
    element.append(this.#root);
    this.#undo = this.#subscribe();
    this.#ask();
  }

  dispose(): void {
    this.#undo();
    this.#draw.cancel();
    this.#asker.dispose();
    this.#root.remove();
  }

  #subscribe(): Undo {
    const { selection, state, table } = this.#page;
    const ask = (): void => this.#ask();
    let pointing: ReturnType<typeof setTimeout> | undefined;
    const resized = new ResizeObserver(() => this.#onResize());
    resized.observe(this.#root);
    return undoAll([
      () => resized.disconnect(),
      () => clearTimeout(pointing),
      state.subscribe(ask),
      selection.filters.subscribe(ask),
      selection.ticked.subscribe(ask),
      selection.pinned.subscribe(ask),
      selection.hovered.subscribe((run) => {
        clearTimeout(pointing);
        if (run !== null) {
          pointing = setTimeout(() => {
            this.#pointed = run;
            this.#ask();
          }, POINTED_MS);
        }
      }),
      table.subscribe(() => {
        this.#asker.forget();
        this.#asked = '';
        this.#ask();
      }),
    ]);
  }

  /** Asks for what is to be compared now, unless that was asked last. What was drawn stays meanwhile. */
  #ask(): void {
    const { state, table } = this.#page;
    const sides = this.#sides();
    this.#showControls(sides);
    const asked = JSON.stringify([sides, state.value.diff?.side_by_side]);
    if (asked === this.#asked) {
      return;
    }
    this.#asked = asked;
    if (sides === null) {
      this.#drawn = null;
      this.#say(table.value.run_ids.length < 2 ? NO_PAIR : 'Choose two different runs.');
      this.#draw.request();
      return;
    }
    void this.#load(sides, asked);
  }

  async #load(sides: Sides, asked: string): Promise<void> {
    this.#root.setAttribute('aria-busy', 'true');
    if (this.#drawn === null) {
      this.#say('comparing…');
    }
    try {
      const questions = sides.after.map((after) => ({ ask: 'diff', before: sides.before, after }) as const);
      const diffs = await Promise.all(questions.map((question) => this.#asker.ask(question)));
      if (asked === this.#asked) {
        this.#drawn = { sides, diffs };
        this.#say(null);
      }
    } catch (error) {
      if (asked === this.#asked) {
        this.#drawn = null;
        this.#say(problemOf(error));
      }
    }
    if (asked === this.#asked) {
      this.#root.removeAttribute('aria-busy');
      this.#draw.request();
    }
  }

  #sides(): Sides | null {
    const { selection, state, table } = this.#page;
    return chooseSides(table.value, selection, state.value.diff, this.#pointed);
  }

  #choose(change: Partial<DiffChoice>): void {
    const { state } = this.#page;
    state.value = { ...state.value, diff: { ...state.value.diff, ...change } };
  }

  #swap(): void {
    const sides = this.#sides();
    if (sides !== null) {
      this.#choose({ before: sides.after[0] ?? null, after: sides.before });
    }
  }

  #say(message: string | null): void {
    this.#message.hidden = message === null;
    this.#message.textContent = message;
  }

  #showControls(sides: Sides | null): void {
    const { state, table } = this.#page;
    const { before = null, after = null, side_by_side = true } = state.value.diff ?? {};
    const name = (run: string | undefined): string => (run === undefined ? 'none' : runName(run, table.value));
    const several = sides !== null && sides.after.length > 1 ? `${sides.after.length} runs` : name(sides?.after[0]);
    const choices = (auto: string, chosen: string | null): Choice[] => {
      const newest = table.value.run_ids.slice(0, MOST_CHOICES);
      const runs = chosen === null || newest.includes(chosen) ? newest : [chosen, ...newest];
      return [{ value: '', label: `auto: ${auto}` }, ...runs.map((run) => ({ value: run, label: name(run) }))];
    };
    this.#before.show({ value: before ?? '', choices: choices(name(sides?.before), before) });
    this.#after.show({ value: after ?? '', choices: choices(several, after) });
    this.#layout.show(side_by_side ? 'beside' : 'unified');
    this.#follow.hidden = before === null && after === null;
  }

  #onResize(): void {
    const isWide = this.#root.clientWidth >= SIDE_BY_SIDE_WIDTH;
    if (isWide !== this.#isWide) {
      this.#isWide = isWide;
      this.#draw.request();
    }
  }

  #render(): void {
    const { state, table } = this.#page;
    if (this.#drawn === null) {
      this.#head.replaceChildren();
      this.#body.replaceChildren();
      return;
    }
    const { sides, diffs } = this.#drawn;
    this.#root.style.setProperty('--ts-runs', String(1 + sides.after.length));
    this.#head.replaceChildren(
      make('span', {}),
      ...[sides.before, ...sides.after].map((run) => runLabel(run, table.value, ...this.#saidOf(run))),
    );
    const sideBySide = this.#isWide && (state.value.diff?.side_by_side ?? true);
    const context = { sides, table: table.value, sideBySide, opened: this.#opened };
    const notes = [...new Set(diffs.flatMap((diff) => diff.notes ?? []))];
    this.#body.replaceChildren(
      ...drawSections(mergeDiffs(diffs), context),
      ...notes.map((note) => make('p', { class: 'trackside-diff-note' }, note)),
    );
  }

  #saidOf(run: string): string[] {
    const { selection, table } = this.#page;
    if (run === table.value.baseline) {
      return ['baseline'];
    }
    return run === selection.pinned.value ? ['pinned'] : [];
  }
}
