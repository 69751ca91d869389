import { expect, test } from 'vitest';
import { followMarkSetting } from './mark-setting';

test('marks are hidden where the settings say so, and shown again', async () => {
  let value = true;
  let changed: () => void = () => undefined;
  const settings = {
    get: () => ({ composite: value }),
    changed: {
      connect: (slot: () => void) => {
        changed = slot;
      },
    },
  };
  const root = document.createElement('div');
  await followMarkSetting({ load: async () => settings } as never, root);
  expect(root.hasAttribute('data-trackside-no-marks')).toBe(false);
  value = false;
  changed();
  expect(root.hasAttribute('data-trackside-no-marks')).toBe(true);
  value = true;
  changed();
  expect(root.hasAttribute('data-trackside-no-marks')).toBe(false);
});
