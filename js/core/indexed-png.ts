/** Pixels of an opaque picture, four bytes each, as a canvas gives them. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

const MOST_COLOURS = 256;
/** Shades of each channel, as bits: a chart has few colours, and its lines' soft edges need no more. */
const BITS = 4;
const SHADES = 1 << BITS;
const STEP = 255 / (SHADES - 1);
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Encodes a picture with a palette of at most 256 colours, as a data URI. A canvas' own PNG keeps four bytes a pixel and
 * is packed in haste: for a chart it is four times as large.
 */
export async function indexedPng(pixels: Pixels): Promise<string> {
  const { width, height, data } = pixels;
  const keys = new Uint16Array(width * height);
  for (let at = 0; at < keys.length; at++) {
    keys[at] = keyOf(data[4 * at] ?? 0, data[4 * at + 1] ?? 0, data[4 * at + 2] ?? 0);
  }
  const palette = commonest(keys);
  const indices = nearestIn(palette, keys);
  const rows = new Uint8Array(height * (width + 1)); // Each row begins with its filter: none.
  for (let at = 0; at < keys.length; at++) {
    rows[at + Math.floor(at / width) + 1] = indices[keys[at] ?? 0] ?? 0;
  }
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([8, 3], 8); // Eight bits, with a palette.
  const parts = [
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    chunk(
      'PLTE',
      Uint8Array.from(palette.flatMap(shadesOf), (shade) => Math.round(shade * STEP)),
    ),
    chunk('IDAT', await deflated(rows)),
    chunk('IEND', new Uint8Array()),
  ];
  return `data:image/png;base64,${base64(parts)}`;
}

function keyOf(red: number, green: number, blue: number): number {
  return (Math.round(red / STEP) << (2 * BITS)) | (Math.round(green / STEP) << BITS) | Math.round(blue / STEP);
}

function shadesOf(key: number): [number, number, number] {
  return [key >> (2 * BITS), (key >> BITS) % SHADES, key % SHADES];
}

function commonest(keys: Uint16Array): number[] {
  const counts = new Uint32Array(SHADES ** 3);
  for (const key of keys) {
    counts[key] = (counts[key] ?? 0) + 1;
  }
  const seen = [...counts.keys()].filter((key) => (counts[key] ?? 0) > 0);
  return seen.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0)).slice(0, MOST_COLOURS);
}

/** For each colour the place in the palette of the one that is nearest to it. */
function nearestIn(palette: readonly number[], keys: Uint16Array): Uint8Array {
  const shades = palette.map(shadesOf);
  const indices = new Uint8Array(SHADES ** 3);
  for (const key of new Set(keys)) {
    const [red, green, blue] = shadesOf(key);
    let least = Number.POSITIVE_INFINITY;
    for (const [index, [r, g, b]] of shades.entries()) {
      const away = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
      if (away < least) {
        least = away;
        indices[key] = index;
      }
    }
  }
  return indices;
}

async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function chunk(name: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(
    Array.from(name, (letter) => letter.charCodeAt(0)),
    4,
  );
  bytes.set(content, 8);
  view.setUint32(content.length + 8, checksum(bytes.subarray(4, content.length + 8)));
  return bytes;
}

/** CRC-32 as PNG has it (ISO 3309). */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function base64(parts: readonly Uint8Array[]): string {
  let text = '';
  for (const part of parts) {
    for (const byte of part) {
      text += String.fromCharCode(byte);
    }
  }
  return btoa(text);
}
