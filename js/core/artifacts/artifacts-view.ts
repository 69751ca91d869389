import '../plain-table.css';
import './artifacts.css';
import { Asker, problemOf } from '../asker';
import { make } from '../elements';
import { FirstSight } from '../first-sight';
import { oncePerFrame } from '../frames';
import { offerPicture } from '../picture';
import { runLabel } from '../run-label';
import { runName } from '../runs';
import { type Undo, undoAll } from '../undo';
import type { Page, View } from '../view';
import type { ArtifactList, ArtifactsChoice } from '../wire';
import { type Aligned, alignArtifacts, stepsOf } from './align';
import { artifactControls } from './artifact-controls';
import { type Cell, holdPlace } from './cell';
import { artifactRuns, artifactsQuestion, describeChosen } from './chosen';
import { contactSheet, type SheetRow } from './contact-sheet';
import { describeGroup, type GroupContext, groupRow } from './group';

const NO_RUNS = 'No runs to look at: track a cell with %%track, or clear the filters.';
const NOTHING = 'These runs kept no artifacts: show a figure in a tracked cell, or keep one with ts.log_artifact(…).';

/** Shows what runs kept, side by side: figures, predictions, texts, files. */
export const artifactsView: View = (element, page) => {
  const panel = new ArtifactsPanel(element, page);
  return () => panel.dispose();
};

class ArtifactsPanel {
  readonly #page: Page;
  readonly #asker: Asker;
  readonly #sight = new FirstSight();
  readonly #draw = oncePerFrame(() => this.#render());
  readonly #controls = artifactControls((change) => this.#choose(change));
  readonly #head = make('div', { class: 'trackside-artifact-row trackside-artifact-head' });
  readonly #body = make('div', {});
  readonly #message = make('div', { class: 'trackside-empty', role: 'status', hidden: true });
  readonly #root: HTMLElement;
  readonly #groups = new Map<string, { element: HTMLDetailsElement; row: HTMLElement; said: HTMLElement }>();
  readonly #undo: Undo;
  #cells = new Map<string, Cell>();
  #list: ArtifactList | null = null;
  #runs: readonly string[] = [];
  #asked = '';

  constructor(element: HTMLElement, page: Page) {
    this.#page = page;
    this.#asker = new Asker(page.source);
    this.#root = make(
      'section',
      { class: 'trackside-artifacts', 'aria-label': 'Artifacts of runs' },
      this.#controls.element,
      this.#message,
      make('div', { class: 'trackside-artifacts-scroll', tabindex: '0' }, this.#head, this.#body),
    );
    offerPicture(this.#root, 'artifacts', () => this.#picture());
    element.append(this.#root);
    const { selection, state, table } = page;
    const ask = (): void => this.#ask();
    this.#undo = undoAll([
      state.subscribe(this.#draw.request),
      selection.filters.subscribe(ask),
      selection.ticked.subscribe(ask),
      selection.pinned.subscribe(ask),
      table.subscribe(() => this.#ask(true)),
    ]);
    this.#ask();
  }

  dispose(): void {
    this.#undo();
    this.#draw.cancel();
    this.#asker.dispose();
    this.#sight.dispose();
    for (const cell of this.#cells.values()) {
      cell.dispose();
    }
    this.#root.remove();
  }

  /** Asks which artifacts there are, unless that was asked last; `again` asks anyhow, for there is news. */
  #ask(again = false): void {
    const question = artifactsQuestion(this.#page, this.#page.table.value);
    const asked = JSON.stringify(question);
    if (question.run_ids.length === 0) {
      this.#asked = asked;
      this.#show(null, NO_RUNS);
    } else if (again || asked !== this.#asked) {
      this.#asked = asked;
      void this.#load(question, asked);
    }
  }

  async #load(question: ReturnType<typeof artifactsQuestion>, asked: string): Promise<void> {
    if (this.#list === null) {
      this.#say('looking…');
    }
    try {
      const list = await this.#page.source.ask(question);
      if (asked === this.#asked) {
        this.#runs = artifactRuns(this.#page, question, list);
        this.#show(list, list.artifacts.length === 0 ? NOTHING : null);
      }
    } catch (error) {
      if (asked === this.#asked) {
        this.#show(null, problemOf(error));
      }
    }
  }

  #show(list: ArtifactList | null, message: string | null): void {
    this.#list = list;
    this.#say(message);
    this.#draw.request();
  }

  #say(message: string | null): void {
    this.#message.hidden = message === null;
    this.#message.textContent = message;
  }

  #choose(change: Partial<ArtifactsChoice>): void {
    const { state } = this.#page;
    state.value = { ...state.value, artifacts: { ...state.value.artifacts, ...change } };
  }

  #render(): void {
    const { state, table } = this.#page;
    const choice = state.value.artifacts ?? {};
    const shown = new Set(this.#runs);
    const artifacts = this.#list?.artifacts.filter((artifact) => shown.has(artifact.run_id)) ?? [];
    const kinds = [...new Set(artifacts.map(({ kind }) => kind))].sort();
    const wanted = artifacts.filter(({ kind }) => !kinds.includes(choice.kind ?? '') || kind === choice.kind);
    const groups = alignArtifacts(wanted, this.#runs);
    this.#controls.show({
      choice,
      steps: stepsOf(wanted),
      kinds,
      hasPictures: this.#page.source.live && this.#runs.length > 1 && groups.some(({ form }) => form === 'image'),
    });
    this.#controls.element.hidden = artifacts.length === 0;
    this.#controls.status.textContent = this.#describe(artifacts.length);
    this.#root.style.setProperty('--ts-runs', String(Math.max(1, this.#runs.length)));
    const labels = this.#runs.map((run, place) => this.#label(run, place));
    this.#head.replaceChildren(...(artifacts.length > 0 ? labels : []));
    this.#showGroups(groups, {
      asker: this.#asker,
      sight: this.#sight,
      runs: this.#runs,
      step: choice.step ?? null,
      pictures: choice.pictures ?? 'beside',
      isLive: this.#page.source.live,
      nameOf: (run) => runName(run, table.value),
      keep: this.#keeper(),
    });
  }

  /**
   * Keeps the cells that are asked for, and gives up the others once all were asked for. One that no kernel could fill
   * is made anew the next time.
   */
  #keeper(): GroupContext['keep'] {
    const before = this.#cells;
    const now = new Map<string, Cell>();
    this.#cells = now;
    queueMicrotask(() => {
      for (const [key, cell] of before) {
        if (!now.has(key)) {
          cell.dispose();
        }
      }
    });
    return (key, create) => {
      const known = now.get(key) ?? before.get(key);
      const cell = known ?? create();
      if (known || this.#page.source.live) {
        now.set(key, cell);
      }
      return cell;
    };
  }

  #showGroups(groups: readonly Aligned[], context: GroupContext): void {
    const shown = groups.map((group) => {
      const { element, row, said } = this.#groups.get(group.name) ?? this.#newGroup(group);
      said.textContent = describeGroup(group);
      const next = groupRow(group, context);
      row.dataset['form'] = group.form;
      swapCells(row, [...next.children]);
      return element;
    });
    swapChildren(this.#body, shown);
  }

  #newGroup(group: Aligned) {
    const said = make('span', {});
    const row = make('div', { class: 'trackside-artifact-row', 'data-name': group.name });
    const summary = make('summary', {}, make('bdi', {}, group.name), said);
    const made = { element: make('details', { open: true }, summary, row), row, said };
    this.#groups.set(group.name, made);
    return made;
  }

  #label(run: string, place: number): HTMLElement {
    const { selection, table } = this.#page;
    const isReference = place === 0 && this.#runs.length > 1;
    const label = runLabel(run, table.value, ...(isReference ? ['held against'] : []));
    label.addEventListener('pointerenter', () => {
      selection.hovered.value = run;
    });
    label.addEventListener('pointerleave', () => {
      selection.hovered.value = null;
    });
    return label;
  }

  #describe(count: number): string {
    const more = this.#list?.more ?? 0;
    const chosen = describeChosen(this.#page, this.#page.table.value, this.#runs);
    const said = `${chosen && `${chosen} · `}${count.toLocaleString('en')} artifact${count === 1 ? '' : 's'}`;
    if (!this.#page.source.live) {
      return `${said}, of which the notebook keeps the list alone: run the cell again to see them`;
    }
    return more > 0 ? `${said}; ${more.toLocaleString('en')} more are not listed: tick fewer runs` : said;
  }

  #picture(): HTMLCanvasElement | null {
    const { table } = this.#page;
    const rows = [...this.#body.querySelectorAll<HTMLElement>('.trackside-artifact-row[data-form="image"]')];
    const sheet = rows.map((row): SheetRow => {
      const pictures = [...row.children].map((cell) =>
        cell.querySelector<HTMLImageElement | HTMLCanvasElement>(
          ':not([aria-busy]) > :is(img, canvas), :not([aria-busy]) > * > :is(canvas, img:last-of-type)',
        ),
      );
      return { name: row.dataset['name'] ?? '', pictures };
    });
    return contactSheet(
      sheet,
      this.#runs.map((run) => runName(run, table.value)),
    );
  }
}

/** Puts other cells into a row: those that are yet to be loaded show what stood in their place until then. */
function swapCells(row: HTMLElement, cells: readonly Element[]): void {
  for (const [at, cell] of cells.entries()) {
    const before = row.children[at];
    if (before && !cells.includes(before)) {
      holdPlace(cell, before);
    }
  }
  swapChildren(row, cells);
}

/** Replaces children unless they are the same: what stays keeps its place and focus. */
function swapChildren(element: HTMLElement, children: readonly Element[]): void {
  const now = [...element.children];
  if (now.length !== children.length || now.some((child, at) => child !== children[at])) {
    element.replaceChildren(...children);
  }
}
