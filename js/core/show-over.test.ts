import { expect, it, vi } from 'vitest';
import { make } from './elements';
import { showOver } from './show-over';

/** A panel as high as told, in a browser that shows panels over all else. */
function panelOf(height: number) {
  const panel = Object.assign(make('div'), { showPopover: vi.fn(), hidePopover: vi.fn() });
  vi.spyOn(panel, 'scrollHeight', 'get').mockReturnValue(height);
  document.body.append(panel);
  return panel;
}

/** An anchor that is scrolled to `place.top`. */
function anchorAt(place: { top: number }) {
  const anchor = make('button');
  vi.spyOn(anchor, 'getBoundingClientRect').mockImplementation(() => new DOMRect(30, place.top, 60, 20));
  return anchor;
}

it('is below its anchor, as high as there is room', () => {
  const panel = panelOf(200);
  const undo = showOver(panel, anchorAt({ top: 100 }));
  expect([panel.style.left, panel.style.top]).toEqual(['30px', '124px']);
  expect(panel.style.maxHeight).toBe(`${window.innerHeight - 128}px`);
  undo();
  expect(panel.hidePopover).toHaveBeenCalledTimes(1);
  panel.remove();
});

it('is above where it would be cut below, and goes with what is scrolled', () => {
  const panel = panelOf(200);
  const place = { top: window.innerHeight - 60 };
  const undo = showOver(panel, anchorAt(place));
  expect([panel.style.top, panel.style.bottom]).toEqual(['auto', '64px']);
  place.top = 100;
  document.dispatchEvent(new Event('scroll'));
  expect(panel.style.top).toBe('124px');
  undo();
  place.top = 300;
  document.dispatchEvent(new Event('scroll'));
  expect(panel.style.top).toBe('124px');
  panel.remove();
});
