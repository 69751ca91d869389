import { describe, expect, test, vi } from 'vitest';
import { type Ignore, mountCard } from './card';
import type { CardRecord } from './wire';

const card: CardRecord = {
  version: 1,
  run_id: 'r',
  status: 'finished',
  lines: [[{ text: 'finished' }], [{ text: 'lr 0.1', name: 'lr' }, { text: ' · ' }, { text: 'seed 0', name: 'seed' }]],
};

function draw(ignore: Ignore | null) {
  const element = document.createElement('div');
  const undo = mountCard(element, card, ignore);
  const buttons = [...element.querySelectorAll('button')];
  return { element, undo, buttons };
}

describe('a card', () => {
  test('offers to ignore the names on it, where somebody can', () => {
    expect(draw(vi.fn()).buttons.map((button) => button.getAttribute('aria-label'))).toEqual([
      'Ignore lr from now on',
      'Ignore seed from now on',
    ]);
    expect(draw(null).buttons).toEqual([]);
    expect(draw(null).element.textContent).toBe('finishedlr 0.1 · seed 0');
  });

  test('strikes an ignored name through and offers to undo that', async () => {
    const ignore = vi.fn<Ignore>().mockResolvedValue(undefined);
    const { element, buttons } = draw(ignore);
    buttons[0]?.click();
    await vi.waitFor(() => expect(buttons[0]?.textContent).toBe('undo'));
    expect(element.querySelectorAll('[data-ignored]').length).toBe(1);
    buttons[0]?.click();
    await vi.waitFor(() => expect(buttons[0]?.textContent).toBe('×'));
    expect(element.querySelector('[data-ignored]')).toBeNull();
    expect(ignore.mock.calls).toEqual([
      ['lr', false],
      ['lr', true],
    ]);
  });

  test('says why a name could not be ignored, and strikes nothing', async () => {
    const { element, buttons } = draw(vi.fn<Ignore>().mockRejectedValue(new Error('The store is read-only.')));
    buttons[0]?.click();
    await vi.waitFor(() => expect(element.textContent).toContain('The store is read-only.'));
    expect(element.querySelector('[data-ignored]')).toBeNull();
    expect(buttons[0]?.disabled).toBe(false);
  });

  test('folds the rules of a policy behind its line, and draws one with none behind it as any other', () => {
    const policy = { line: [{ text: 'policy: 1 of 2 ✓' }], details: [[{ text: '✗ tag stage: found none' }]] };
    const element = document.createElement('div');
    mountCard(element, { ...card, policy });
    expect(element.querySelector('summary')?.textContent).toBe('policy: 1 of 2 ✓');
    expect(element.querySelector('details')?.open).toBe(false);
    expect(element.querySelector('details > div')?.textContent).toBe('✗ tag stage: found none');
    const plain = document.createElement('div');
    mountCard(plain, { ...card, policy: { line: policy.line } });
    expect(plain.querySelector('details')).toBeNull();
    expect(plain.textContent).toContain('policy: 1 of 2 ✓');
  });

  test('is gone once it is undone', () => {
    const { element, undo } = draw(null);
    undo();
    expect(element.childElementCount).toBe(0);
  });
});
