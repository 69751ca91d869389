/**
 * The container of a drawn view, marked `data-trackside-picture`. Its hook draws what is shown as it should look outside
 * the page: on white, with axis labels and a legend. Null while nothing is.
 */
export interface PictureElement extends HTMLElement {
  tracksidePicture: () => HTMLCanvasElement | null;
}

/** Marks `element` as the container of the view called `name`, whose picture `draw` makes. */
export function offerPicture(element: HTMLElement, name: string, draw: () => HTMLCanvasElement | null): PictureElement {
  element.dataset['tracksidePicture'] = name;
  return Object.assign(element, { tracksidePicture: draw });
}

/** The container of a view that is text, marked `data-trackside-static`. Its hook makes plain HTML of it, if it shows something. */
export interface StaticElement extends HTMLElement {
  tracksideStatic: () => HTMLElement | null;
}

/** Marks `element` as the container of a view of which `draw` makes plain HTML, which needs no style sheet. */
export function offerStatic(element: HTMLElement, draw: () => HTMLElement | null): StaticElement {
  element.dataset['tracksideStatic'] = '';
  return Object.assign(element, { tracksideStatic: draw });
}

/** Breaks `text` into at most `most` lines that fit into `width`, after signs that part words where it can; the last is shortened. */
export function wrapText(context: CanvasRenderingContext2D, text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (lines.length < most - 1 && context.measureText(rest).width > width) {
    const start = rest;
    const fits = (letters: number): boolean => context.measureText(start.slice(0, letters).trimEnd()).width <= width;
    const length = Math.max(1, longestThat(fits, rest.length));
    const parted = rest.slice(0, length).search(/[\s._/:-][^\s._/:-]*$/);
    const end = parted > 0 ? parted + 1 : length;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...lines, fitText(context, rest, width)];
}

/** Shortens `text` with an ellipsis until it fits into `width` pixels in the context's font. */
export function fitText(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) {
    return text;
  }
  const length = longestThat(
    (letters) => context.measureText(`${text.slice(0, letters)}…`).width <= width,
    text.length,
  );
  return `${text.slice(0, length)}…`;
}

/** The greatest length up to `most` that fits, where all shorter ones do; found by halves: a text may have 10,000 letters. */
function longestThat(fits: (length: number) => boolean, most: number): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
