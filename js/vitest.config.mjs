import { defineConfig } from 'vitest/config';

export default defineConfig({
  // One DOM for all files: making one for each takes ten times as long as the tests.
  test: { include: ['js/**/*.test.ts'], environment: 'happy-dom', isolate: false },
});
