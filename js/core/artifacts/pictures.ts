import { make } from '../elements';
import type { ArtifactContent } from '../wire';
import { pictureAddress } from './bytes';

/** Pixels of a picture that are compared one by one. */
const MOST_PIXELS = 4_000_000;
/** What encoding a picture may change in a channel. */
const NOISE = 8;

/** A picture that was read, and what gives back its bytes. */
export interface LoadedPicture {
  readonly image: HTMLImageElement;
  release(): void;
}

/** Reads a picture; throws an error to be shown where it is none. */
export async function loadPicture(content: ArtifactContent): Promise<LoadedPicture> {
  const address = pictureAddress(content);
  if (address === null) {
    throw new Error(`"${content.name}" is ${content.mime}, which is not shown: save it instead.`);
  }
  const image = make('img', { alt: content.name, src: address.url });
  try {
    await image.decode();
  } catch {
    address.release();
    throw new Error(`"${content.name}" cannot be read as ${content.mime}: save it to look at its bytes.`);
  }
  return { image, release: address.release };
}

/** Lays one picture over another; what is left of the handle is the first. The arrow keys move it, too. */
export function swipe(
  first: HTMLImageElement,
  second: HTMLImageElement,
  names: readonly [string, string],
): HTMLElement {
  const label = `How much of ${names[0]} is shown over ${names[1]}`;
  const handle = make('input', {
    type: 'range',
    min: '0',
    max: '100',
    value: '50',
    'aria-label': label,
    title: `left: ${names[0]}, right: ${names[1]}`,
    input: () => stage.style.setProperty('--ts-swipe', `${handle.value}%`),
  });
  const sides = names.map((name) => make('small', { 'aria-hidden': 'true' }, name));
  const attributes = { class: 'trackside-swipe', style: '--ts-swipe:50%' };
  const stage = make('div', attributes, first, second, make('i'), ...sides, handle);
  return stage;
}

/** Draws where two pictures differ, the brighter the more, and says how much of them does. */
export function difference(first: HTMLImageElement, second: HTMLImageElement): HTMLElement {
  const [width, height] = [
    Math.max(1, first.naturalWidth, second.naturalWidth),
    Math.max(1, first.naturalHeight, second.naturalHeight),
  ];
  const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (width * height)));
  const size = [Math.max(1, Math.floor(width * scale)), Math.max(1, Math.floor(height * scale))] as const;
  const pixels = pixelsOf(first, ...size);
  const share = subtract(pixels.data, pixelsOf(second, ...size).data);
  const canvas = make('canvas', { role: 'img' });
  [canvas.width, canvas.height] = size;
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  const isSized = first.naturalWidth === second.naturalWidth && first.naturalHeight === second.naturalHeight;
  const said = `${describeShare(share)}${isSized ? '' : `; sizes differ: ${sizeOf(first)} and ${sizeOf(second)}`}`;
  canvas.setAttribute('aria-label', said);
  return make('div', {}, canvas, make('div', { class: 'trackside-note' }, said));
}

/** Writes how far pixels are from others in their place, brightened, and returns the share of those that differ. */
export function subtract(pixels: Uint8ClampedArray, others: ArrayLike<number>): number {
  let changed = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    let most = 0;
    for (let channel = at; channel < at + 3; channel++) {
      const distance = Math.abs((pixels[channel] ?? 0) - (others[channel] ?? 0));
      most = Math.max(most, distance);
      pixels[channel] = Math.min(255, distance * 2);
    }
    pixels[at + 3] = 255;
    changed += most > NOISE ? 1 : 0;
  }
  return pixels.length === 0 ? 0 : changed / (pixels.length / 4);
}

function describeShare(share: number): string {
  if (share === 0) {
    return 'no pixel differs';
  }
  const percent = share * 100;
  return `${percent < 0.1 ? 'less than 0.1' : percent.toFixed(1)} % of the pixels differ`;
}

function sizeOf({ naturalWidth, naturalHeight }: HTMLImageElement): string {
  return `${naturalWidth}×${naturalHeight}`;
}

/** The pixels of a picture on white, stretched to a size. */
function pixelsOf(image: HTMLImageElement, width: number, height: number): ImageData {
  const canvas = make('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) {
    return new ImageData(width, height);
  }
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
