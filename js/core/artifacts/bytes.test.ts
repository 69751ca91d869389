import { expect, test, vi } from 'vitest';
import { exampleContent, exampleEntry } from '../example-artifacts';
import { describeSize, pictureAddress, saveFile, textOf } from './bytes';

const content = (mime: string, text = 'x') => exampleContent(exampleEntry('a', 'picture', { mime }), text);

test('a picture of a known type is a blob of that type', () => {
  const created = vi.spyOn(URL, 'createObjectURL');
  const address = pictureAddress(content('image/png'));
  expect(address?.url).toMatch(/^blob:/);
  expect(created).toHaveBeenCalledWith(expect.objectContaining({ type: 'image/png' }));
  const revoked = vi.spyOn(URL, 'revokeObjectURL');
  address?.release();
  expect(revoked).toHaveBeenCalledWith(address?.url);
  vi.restoreAllMocks();
});

test('an SVG has no origin of ours, whatever it is opened in', () => {
  expect(pictureAddress(content('image/svg+xml', '<svg/>'))?.url).toBe('data:image/svg+xml;base64,PHN2Zy8+');
});

test.each(['text/html', 'application/xhtml+xml', 'image/x-unknown', 'image/svg+xml; charset=utf-8', ''])(
  '%s is no picture',
  (mime) => {
    expect(pictureAddress(content(mime))).toBeNull();
  },
);

test('a file is saved as bytes of no type that a browser would open', () => {
  const created = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:saved');
  const clicked = vi.spyOn(HTMLElement.prototype, 'click').mockImplementation(function click(this: HTMLElement) {
    expect(this.getAttribute('download')).toBe('picture');
  });
  saveFile(content('text/html', '<script>'));
  expect(created).toHaveBeenCalledWith(expect.objectContaining({ type: 'application/octet-stream' }));
  expect(clicked).toHaveBeenCalledTimes(1);
  vi.restoreAllMocks();
});

test('JSON is written with a line for each value, and as it is where it is none', () => {
  expect(textOf(content('application/json', '{"a":[1]}'))).toBe('{\n "a": [\n  1\n ]\n}');
  expect(textOf(content('application/json', '{"a":NaN}'))).toBe('{"a":NaN}');
  expect(textOf(content('text/plain', '{"a":1}'))).toBe('{"a":1}');
});

test('sizes are told as people say them', () => {
  expect([0, 999, 2_540_000, 999_900].map(describeSize)).toEqual(['0 bytes', '999 bytes', '2.54 MB', '1 MB']);
});
