import { describe, expect, test } from 'vitest';
import { indexedPng } from './indexed-png';

/** The chunks of a PNG by name, each with its checksum at its end. */
function chunksOf(uri: string): Record<string, Uint8Array<ArrayBuffer>> {
  const bytes = Uint8Array.from(atob(uri.slice('data:image/png;base64,'.length)), (letter) => letter.charCodeAt(0));
  const chunks: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (let at = 8; at < bytes.length; ) {
    const length = new DataView(bytes.buffer).getUint32(at);
    chunks[String.fromCharCode(...bytes.subarray(at + 4, at + 8))] = bytes.slice(at + 8, at + 12 + length);
    at += length + 12;
  }
  return chunks;
}

async function inflated(chunk: Uint8Array<ArrayBuffer>): Promise<number[]> {
  const stream = new Blob([chunk.slice(0, -4)]).stream().pipeThrough(new DecompressionStream('deflate'));
  return [...new Uint8Array(await new Response(stream).arrayBuffer())];
}

describe('a PNG with a palette', () => {
  test('holds the size, the colours and the pixels', async () => {
    const [white, red] = [
      [255, 255, 255, 255],
      [255, 0, 0, 255],
    ] as const;
    const data = [white, red, white, white, white, red].flat();
    const chunks = chunksOf(await indexedPng({ width: 3, height: 2, data }));
    expect(Object.keys(chunks)).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
    expect([...(chunks['IHDR'] ?? [])].slice(0, -4)).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0]);
    expect([...(chunks['PLTE'] ?? [])].slice(0, -4)).toEqual([255, 255, 255, 255, 0, 0]);
    expect(await inflated(chunks['IDAT'] ?? new Uint8Array())).toEqual([0, 0, 1, 0, 0, 0, 0, 1]);
    expect([...(chunks['IEND'] ?? [])]).toEqual([0xae, 0x42, 0x60, 0x82]);
  });

  test('of many colours has the commonest and takes the nearest for the others', async () => {
    const data = Array.from({ length: 64 * 64 }, (_, at) => [at % 256, at >> 4, (at * 13) % 256, 255]).flat();
    const chunks = chunksOf(await indexedPng({ width: 64, height: 64, data }));
    expect(chunks['PLTE']?.length).toBe(3 * 256 + 4);
  });
});
