import { afterEach, describe, expect, it } from 'vitest';
import { make } from './elements';
import { keepKeys } from './keys';

const SUPPRESSED = 'data-lm-suppress-shortcuts';

describe('a key pressed within a page', () => {
  const row = make('div', { tabindex: '0' });
  const page = make('div', {}, row);
  document.body.append(page);
  afterEach(() => row.removeAttribute(SUPPRESSED));

  /** Whether the host was told to leave a key alone by the time that it hears of it first, as Notebook does. */
  const isKept = (init: KeyboardEventInit, target: Element = row): boolean => {
    const stop = keepKeys(page);
    let kept = false;
    const hear = (): void => {
      kept = target.hasAttribute(SUPPRESSED);
    };
    document.addEventListener('keydown', hear, true);
    target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, ...init }));
    document.removeEventListener('keydown', hear, true);
    stop();
    return kept;
  };

  it.each(['x', 'd', 'M', '0', 'Enter', ' ', 'ArrowDown', 'Delete'])('is no command on cells: %s', (key) => {
    expect(isKept({ key })).toBe(true);
  });

  it('is the host’s with Ctrl, Cmd or Alt, and so are Tab and Escape', () => {
    isKept({ key: 'x' });
    expect(isKept({ key: 's', ctrlKey: true })).toBe(false);
    expect(isKept({ key: 'Enter', metaKey: true })).toBe(false);
    expect(isKept({ key: 'Tab' })).toBe(false);
    expect(isKept({ key: 'Escape' })).toBe(false);
  });

  it('is ours if it would merge or move cells', () => {
    expect(isKept({ key: 'Backspace', ctrlKey: true })).toBe(true);
    expect(isKept({ key: 'ArrowUp', ctrlKey: true, shiftKey: true })).toBe(true);
  });

  it('elsewhere is left alone', () => {
    expect(isKept({ key: 'x' }, document.body)).toBe(false);
  });
});
