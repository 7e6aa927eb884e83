import { defineConfig } from 'vitest/config';

// Tests run the compiled code that users run: dist/test mirrors test/. Forks, because native addons
// (uWebSockets.js, zeromq) crash vitest's thread pool.
export default defineConfig({
  test: {
    include: ['dist/test/**/*.test.js'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
  },
});
