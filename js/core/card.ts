import './card.css';
import { make } from './elements';
import type { CardRecord, FoldedLine, Span } from './wire';

/** Leaves a captured name out of the next runs, or with `undo` no longer. Rejects with why that was not kept. */
export type Ignore = (name: string, undo: boolean) => Promise<void>;

/** Draws a run's card into `element`; returns the undo. With `ignore`, each captured name has a button for it. */
export function mountCard(element: HTMLElement, card: CardRecord, ignore: Ignore | null = null): () => void {
  const draw = (span: Span): HTMLElement =>
    ignore !== null && span.name ? ignorable(span, span.name, ignore) : drawSpan(span);
  const drawLine = (spans: Span[]): HTMLElement => make('div', { class: 'trackside-card-line' }, ...spans.map(draw));
  const lines = card.lines.map(drawLine);
  if (card.policy) {
    lines.push(drawFolded(card.policy, drawLine));
  }
  const root = make(
    'div',
    { class: 'trackside-card', 'data-status': card.status, role: 'note', 'aria-label': 'Tracked run' },
    ...lines,
  );
  element.append(root);
  return () => root.remove();
}

/**
 * A card of a run that went on when it was drawn, as it reads where nobody can tell what became of it: it must not look
 * alive.
 */
export function asLastSeen(card: CardRecord): CardRecord {
  const [[, ...identity] = [], ...others] = card.lines;
  const head: Span = { text: '○ last seen running', tone: 'muted' };
  const note: Span = { text: ' · how it ended is shown once a kernel with Trackside can tell', tone: 'muted' };
  return { ...card, status: 'off', lines: [[head, ...identity, note], ...others] };
}

/** A line with others behind it; without such it is a line as any. */
function drawFolded({ line, details = [] }: FoldedLine, drawLine: (spans: Span[]) => HTMLElement): HTMLElement {
  if (details.length === 0) {
    return drawLine(line);
  }
  return make(
    'details',
    { class: 'trackside-card-folded' },
    make('summary', {}, drawLine(line)),
    ...details.map(drawLine),
  );
}

function drawSpan({ text, tone = 'plain' }: Span): HTMLElement {
  const tag = tone === 'code' ? 'code' : tone === 'strong' ? 'strong' : 'span';
  return make(tag, { 'data-tone': tone }, text);
}

/** A span with a button that has its name ignored, and then takes that back. */
function ignorable(span: Span, name: string, ignore: Ignore): HTMLElement {
  const button = make('button', { type: 'button', class: 'trackside-ignore', click: () => void press() });
  const problem = make('span', { 'data-tone': 'bad', role: 'status' });
  const root = make('span', { class: 'trackside-ignorable' }, drawSpan(span), button, problem);
  let isIgnored = false;
  const show = (): void => {
    const words = isIgnored ? `Capture ${name} again` : `Ignore ${name} from now on`;
    root.toggleAttribute('data-ignored', isIgnored);
    button.textContent = isIgnored ? 'undo' : '×';
    button.setAttribute('aria-label', words);
    button.title = words;
  };
  const press = async (): Promise<void> => {
    button.disabled = true;
    try {
      await ignore(name, isIgnored);
      isIgnored = !isIgnored;
      problem.textContent = '';
    } catch (error) {
      problem.textContent = ` ${error instanceof Error ? error.message : error}`;
    }
    button.disabled = false;
    show();
    button.focus();
  };
  show();
  return root;
}
