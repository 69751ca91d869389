import './colour-legend.css';
import type { Choice } from '../controls';
import { make } from '../elements';
import { fitText } from '../picture';
import { ink, PAPER } from '../theme';
import type { RunTable } from '../wire';
import type { ColourLegend } from './colouring';
import { BY_RUN } from './colouring';
import { drawableColumns } from './columns';

const MOST_ENTRIES = 8;

/** What the colours can be of. */
export function colourChoices(table: RunTable): Choice[] {
  const columns = drawableColumns(table).map((column) => ({ value: column.key, label: column.name }));
  return [...columns, { value: BY_RUN, label: 'each run its own' }];
}

/** What the colours mean, as elements. */
export function legendParts(legend: ColourLegend): HTMLElement[] {
  if (legend.kind === 'run') {
    return [];
  }
  if (legend.kind === 'scale') {
    const gradient = `background: linear-gradient(to right, ${legend.stops.join(', ')})`;
    const [low, high] = legend.ends;
    const label = `colours of ${legend.name}, from ${low} to ${high}`;
    return [
      make('span', {}, low),
      make('i', { class: 'trackside-gradient', style: gradient, role: 'img', 'aria-label': label, title: label }),
      make('span', {}, high),
      ...missingPart(legend),
    ];
  }
  const entries = legend.entries.slice(0, MOST_ENTRIES).map(entryPart);
  const more = legend.entries.length - entries.length;
  return [...entries, ...(more > 0 ? [make('span', {}, `+${more}`)] : []), ...missingPart(legend)];
}

function missingPart({ missing }: { missing: string | null }): HTMLElement[] {
  return missing === null ? [] : [entryPart({ name: 'missing', colour: missing })];
}

function entryPart({ name, colour }: { name: string; colour: string }): HTMLElement {
  return make('span', { class: 'trackside-colour-entry' }, make('i', { style: `background: ${colour}` }), name);
}

/** Draws on paper what the colours mean, in a line around `y`. */
export function paintLegend(context: CanvasRenderingContext2D, legend: ColourLegend, y: number): void {
  context.font = `11px ${PAPER.font}`;
  context.fillStyle = ink(PAPER);
  if (legend.kind === 'scale') {
    const write = (text: string, x: number): number => {
      context.fillText(text, x, y);
      return x + context.measureText(text).width + 8;
    };
    let x = write(legend.ends[0], write(fitText(context, legend.name, 240), 12));
    for (const colour of legend.stops) {
      context.fillStyle = colour;
      context.fillRect(x, y - 5, 5.5, 10);
      x += 5;
    }
    context.fillStyle = ink(PAPER);
    write(legend.ends[1], x + 8);
  } else if (legend.kind === 'categories') {
    let x = 12;
    const entries = legend.entries.slice(0, MOST_ENTRIES);
    for (const { name, colour } of [{ name: legend.name, colour: 'transparent' }, ...entries]) {
      context.fillStyle = colour;
      context.fillRect(x, y - 4, 9, 9);
      context.fillStyle = ink(PAPER);
      const text = fitText(context, name, 120);
      context.fillText(text, x + 13, y);
      x += 28 + context.measureText(text).width;
    }
  }
}
