import './card.css';
import { make } from './elements';
import type { CardRecord, Span } from './wire';

/** Draws a run's card into `element`; returns the undo. */
export function mountCard(element: HTMLElement, card: CardRecord): () => void {
  const lines = card.lines.map((spans) => make('div', { class: 'trackside-card-line' }, ...spans.map(drawSpan)));
  const root = make(
    'div',
    { class: 'trackside-card', 'data-status': card.status, role: 'note', 'aria-label': 'Tracked run' },
    ...lines,
  );
  element.append(root);
  return () => root.remove();
}

function drawSpan({ text, tone = 'plain' }: Span): HTMLElement {
  const tag = tone === 'code' ? 'code' : tone === 'strong' ? 'strong' : 'span';
  return make(tag, { 'data-tone': tone }, text);
}
