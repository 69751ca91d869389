import { type Asker, problemOf } from '../asker';
import { textLines } from '../diff/text-lines';
import { make } from '../elements';
import type { FirstSight } from '../first-sight';
import type { ArtifactEntry, ArtifactsChoice } from '../wire';
import { contentQuestion, describeSize, saveFile, textOf } from './bytes';
import { difference, type LoadedPicture, loadPicture, swipe } from './pictures';
import { changedCells } from './rows';
import { plainTable } from './tables';

const LONGEST_TEXT = 20_000;

/** What cells are drawn with. */
export interface CellContext {
  readonly asker: Asker;
  readonly sight: FirstSight;
  readonly pictures: NonNullable<ArtifactsChoice['pictures']>;
  /** Whether a kernel can be asked for what is in an artifact. */
  readonly isLive: boolean;
  nameOf(run: string): string;
}

/** One artifact of one run, and its undo. */
export interface Cell {
  readonly element: HTMLElement;
  dispose(): void;
}

/**
 * Shows one artifact, held against the `reference` where one is given. It is loaded once it is in sight, and its body is
 * busy until then; with no kernel it stays a line.
 */
export function artifactCell(entry: ArtifactEntry, reference: ArtifactEntry | null, context: CellContext): Cell {
  const loaded: LoadedPicture[] = [];
  let isGone = false;
  const isLoaded = context.isLive && entry.form !== 'file';
  const body = make('div', { class: 'trackside-artifact-body', 'aria-busy': isLoaded && 'true' });
  const attributes = { class: 'trackside-artifact', 'data-form': entry.form };
  const element = make('figure', attributes, ...(isLoaded ? [body] : []), caption(entry, context));
  const release = (): void => {
    for (const picture of loaded.splice(0)) {
      picture.release();
    }
  };
  const show = async (): Promise<void> => {
    try {
      body.replaceChildren(...(await draw(entry, reference, context, loaded)));
    } catch (error) {
      body.replaceChildren(make('p', { class: 'trackside-artifact-problem' }, problemOf(error)));
    }
    body.removeAttribute('aria-busy');
    if (isGone) {
      release();
    }
  };
  if (isLoaded) {
    context.sight.once(element, () => void show());
  }
  return {
    element,
    dispose: () => {
      isGone = true;
      context.sight.forget(element);
      release();
    },
  };
}

/** Lets a cell that is not loaded yet show what stood in its place before. */
export function holdPlace(cell: Element, before: Element): void {
  const [body, old] = [cell, before].map((each) => each.querySelector(':scope > .trackside-artifact-body'));
  if (body?.hasAttribute('aria-busy') && body.childElementCount === 0 && old) {
    body.append(...old.children);
  }
}

async function draw(
  entry: ArtifactEntry,
  reference: ArtifactEntry | null,
  context: CellContext,
  loaded: LoadedPicture[],
): Promise<HTMLElement[]> {
  if (entry.form === 'image') {
    return drawPicture(entry, reference, context, loaded);
  }
  const isSame = reference !== null && reference.sha256 === entry.sha256;
  if (isSame) {
    return [make('p', { class: 'trackside-note' }, `the same as in ${context.nameOf(reference.run_id)}`)];
  }
  return entry.form === 'table' ? drawTable(entry, reference, context) : drawText(entry, reference, context);
}

async function drawPicture(
  entry: ArtifactEntry,
  reference: ArtifactEntry | null,
  { asker, pictures, nameOf }: CellContext,
  loaded: LoadedPicture[],
): Promise<HTMLElement[]> {
  const load = async (one: ArtifactEntry): Promise<HTMLImageElement> => {
    const picture = await loadPicture(await asker.ask(contentQuestion(one), one.sha256));
    loaded.push(picture);
    return picture.image;
  };
  const image = await load(entry);
  if (reference === null || pictures === 'beside') {
    return [image];
  }
  const other = await load(reference);
  const names = [nameOf(reference.run_id), nameOf(entry.run_id)] as const;
  return [pictures === 'swipe' ? swipe(other, image, names) : difference(other, image)];
}

async function drawText(
  entry: ArtifactEntry,
  reference: ArtifactEntry | null,
  { asker, nameOf }: CellContext,
): Promise<HTMLElement[]> {
  if (reference !== null) {
    const against = { against: reference.run_id, against_step: reference.step ?? null };
    const { text } = await asker.ask({ ...contentQuestion(entry), ...against }, entry.sha256 + reference.sha256);
    if (text) {
      return [textLines(text, false, `${entry.name} of ${nameOf(entry.run_id)}`)];
    }
  }
  const text = textOf(await asker.ask(contentQuestion(entry), entry.sha256));
  const more = text.length - LONGEST_TEXT;
  const rest = more > 0 ? [make('p', { class: 'trackside-note' }, `… and ${more} more characters: save it`)] : [];
  return [make('pre', { tabindex: '0', 'aria-label': entry.name }, text.slice(0, LONGEST_TEXT)), ...rest];
}

async function drawTable(
  entry: ArtifactEntry,
  reference: ArtifactEntry | null,
  { asker }: CellContext,
): Promise<HTMLElement[]> {
  const { table } = await asker.ask(contentQuestion(entry), entry.sha256);
  const other = reference && (await asker.ask(contentQuestion(reference), reference.sha256)).table;
  return table ? [plainTable(entry.name, table, other ? changedCells(table, other) : null)] : [];
}

/** What it is, and the button that saves it. */
export function caption(entry: ArtifactEntry, { asker, isLive }: Pick<CellContext, 'asker' | 'isLive'>): HTMLElement {
  const problem = make('span', { class: 'trackside-artifact-problem', role: 'status' });
  const save = async (): Promise<void> => {
    problem.textContent = '';
    try {
      saveFile(await asker.ask({ ...contentQuestion(entry), raw: true }, entry.sha256));
    } catch (error) {
      problem.textContent = problemOf(error);
    }
  };
  const step = entry.step == null ? '' : `step ${entry.step.toLocaleString('en')} · `;
  const what = `${step}${describeSize(entry.size)}${entry.form === 'file' ? ` · ${entry.mime}` : ''}`;
  const button = make(
    'button',
    {
      type: 'button',
      class: 'trackside-link',
      'aria-label': `Save ${entry.name}`,
      title: 'Save to a file',
      click: () => void save(),
    },
    'Save',
  );
  return make('figcaption', {}, make('span', { title: entry.mime }, what), ...(isLive ? [button, problem] : []));
}
