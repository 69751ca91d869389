import { make } from '../elements';
import { formatNumber } from '../numbers';
import { spellDifference } from '../table/comparison';
import { formatX, type XAxis } from './axes';
import type { BestPoint } from './best-points';
import type { Look } from './groups';
import type { Excerpt, Reading } from './readout';

/** What the read-out says. */
export interface Readout {
  readonly title: string;
  readonly excerpt: Excerpt;
  /** The line looked at, and its best point. */
  readonly focused: string | null;
  /** That of the line that the others are held against. */
  readonly against: Reading | undefined;
  readonly best: BestPoint | undefined;
  readonly axis: XAxis;
  look(id: string): Look;
}

const AWAY = 16;

/** The list of values beside the pointer. */
export class ReadoutBox {
  readonly element = make('div', { class: 'trackside-readout', hidden: true });

  hide(): void {
    this.element.hidden = true;
  }

  /** Shows what is read. */
  show({ title, excerpt, focused, against, best, axis, look }: Readout): void {
    const rows = excerpt.shown.map((reading) => row(reading, reading.id === focused, look(reading.id), against));
    this.element.replaceChildren(
      make('div', { class: 'trackside-readout-title' }, title),
      ...more(excerpt.above, 'above'),
      ...rows,
      ...more(excerpt.below, 'below'),
      ...(best ? [make('div', { class: 'trackside-readout-title' }, bestText(best, axis))] : []),
    );
    this.element.hidden = false;
  }

  /**
   * Puts the box beside `left` within a space of `width` × `height` CSS pixels, on the side of the pointer that has more
   * room, so that it covers it only where neither has enough.
   */
  place(left: number, top: number, width: number, height: number): void {
    const box = this.element;
    box.style.maxWidth = `${Math.max(120, Math.max(left, width - left) - AWAY - 4)}px`;
    const { offsetWidth, offsetHeight } = box;
    const beside = left > width / 2 ? left - AWAY - offsetWidth : left + AWAY;
    const x = Math.max(0, Math.min(beside, width - offsetWidth));
    const y = Math.min(Math.max(0, top - offsetHeight / 2), Math.max(0, height - offsetHeight));
    box.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }
}

/** `best 0.031 at step 412`. */
export function bestText({ x, value, near }: BestPoint, axis: XAxis): string {
  return `○ best ${formatNumber(value, 5)} ${near ? 'near' : 'at'} ${formatX(x, axis)}`;
}

function row(reading: Reading, focused: boolean, { name, colour }: Look, against: Reading | undefined): HTMLElement {
  const difference = against && against !== reading ? spellDifference(reading.drawn, against.drawn) : '';
  const smoothed = !Object.is(reading.raw, reading.drawn);
  return make(
    'div',
    { class: focused ? 'trackside-readout-row trackside-focused' : 'trackside-readout-row' },
    make('i', { style: `background: ${colour}` }),
    make('span', { class: 'trackside-readout-name' }, name),
    make('b', {}, formatNumber(reading.drawn, 5)),
    ...(difference ? [make('span', { class: 'trackside-readout-raw' }, difference)] : []),
    ...(smoothed ? [make('span', { class: 'trackside-readout-raw' }, formatNumber(reading.raw, 5))] : []),
  );
}

function more(count: number, where: string): HTMLElement[] {
  return count === 0 ? [] : [make('div', { class: 'trackside-readout-more' }, `${count} more ${where}`)];
}
