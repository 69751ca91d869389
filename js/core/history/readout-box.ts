import { make } from '../elements';
import { formatNumber } from '../numbers';
import type { Excerpt, Reading } from './readout';

/** How a run is written in the read-out. */
export interface RunLabel {
  readonly name: string;
  readonly colour: string;
}

const AWAY = 16;

/** The list of values beside the pointer. */
export class ReadoutBox {
  readonly element = make('div', { class: 'trackside-readout', hidden: true });

  hide(): void {
    this.element.hidden = true;
  }

  /** Shows readings at a place of `area`, on the side of the pointer that has more room, so that it never covers it. */
  show(title: string, excerpt: Excerpt, focused: string | null, label: (run: string) => RunLabel): void {
    const rows = excerpt.shown.map((reading) => row(reading, reading.run === focused, label(reading.run)));
    this.element.replaceChildren(
      make('div', { class: 'trackside-readout-title' }, title),
      ...more(excerpt.above, 'above'),
      ...rows,
      ...more(excerpt.below, 'below'),
    );
    this.element.hidden = false;
  }

  /** Puts the box beside `left` within a space of `width` × `height` CSS pixels. */
  place(left: number, top: number, width: number, height: number): void {
    const box = this.element;
    box.style.maxWidth = `${Math.max(120, Math.max(left, width - left) - AWAY - 4)}px`;
    const { offsetWidth, offsetHeight } = box;
    const x = left > width / 2 ? left - AWAY - offsetWidth : left + AWAY;
    const y = Math.min(Math.max(0, top - offsetHeight / 2), Math.max(0, height - offsetHeight));
    box.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }
}

function row(reading: Reading, focused: boolean, { name, colour }: RunLabel): HTMLElement {
  const smoothed = !Object.is(reading.raw, reading.drawn);
  return make(
    'div',
    { class: focused ? 'trackside-readout-row trackside-focused' : 'trackside-readout-row' },
    make('i', { style: `background: ${colour}` }),
    make('span', { class: 'trackside-readout-name' }, name),
    make('b', {}, formatNumber(reading.drawn, 5)),
    ...(smoothed ? [make('span', { class: 'trackside-readout-raw' }, formatNumber(reading.raw, 5))] : []),
  );
}

function more(count: number, where: string): HTMLElement[] {
  return count === 0 ? [] : [make('div', { class: 'trackside-readout-more' }, `${count} more ${where}`)];
}
