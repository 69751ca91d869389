import type { ArtifactContent, ArtifactEntry } from '../wire';

const RASTERS: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const SVG = 'image/svg+xml';
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** The address of a picture, and what gives it back. */
export interface PictureAddress {
  readonly url: string;
  release(): void;
}

/**
 * The address of a picture for an `<img>`, in which nothing of it is run; null where it is none. An SVG's is a data URL:
 * opened by itself it would run its scripts, and there it has no origin that they could reach.
 */
export function pictureAddress({ data, mime }: ArtifactContent): PictureAddress | null {
  if (data == null) {
    return null;
  }
  if (mime === SVG) {
    return { url: `data:${SVG};base64,${data}`, release: () => undefined };
  }
  if (!RASTERS.has(mime)) {
    return null;
  }
  const url = URL.createObjectURL(new Blob([decodeBytes(data)], { type: mime }));
  return { url, release: () => URL.revokeObjectURL(url) };
}

/** Saves what was answered to a file. Its type is none that a browser would open. */
export function saveFile({ data, file }: ArtifactContent): void {
  const url = URL.createObjectURL(new Blob([decodeBytes(data ?? '')], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  Object.assign(link, { href: url, download: file });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The text that bytes are; of JSON with a line for each value. */
export function textOf({ data, mime }: ArtifactContent): string {
  const text = new TextDecoder().decode(decodeBytes(data ?? ''));
  if (!mime.includes('json')) {
    return text;
  }
  try {
    return JSON.stringify(JSON.parse(text), null, 1);
  } catch {
    return text;
  }
}

/** A number of bytes as people say it. */
export function describeSize(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 ? size : Number(size.toPrecision(3))} ${UNITS[unit]}`;
}

/** The question about the contents of an artifact. */
export function contentQuestion({ run_id, name, step }: ArtifactEntry) {
  return { ask: 'artifact', run_id, name, step: step ?? null } as const;
}

function decodeBytes(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    bytes[at] = text.charCodeAt(at);
  }
  return bytes;
}
