// @vitest-environment node
import { expect, test } from 'vitest';
import { contractTypes } from '../wire.mjs';
import schema from './wire.schema.json?raw';
import types from './wire.ts?raw';

test('the committed types are what `npm run wire` would write now', async () => {
  expect(await contractTypes(schema)).toBe(types);
});
