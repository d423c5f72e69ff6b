// How the suite runs: a few processes, each with one test file after the other.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Every file and every child process loads the same packages: compiled once, they load in half the time.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'mayday-test-compile-cache')

export const each = {
  root: new URL('..', import.meta.url).pathname,
  setupFiles: ['test/after-file.ts'],
  // For what hangs: a busy machine takes many times as long as a free one.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  restoreMocks: true,
  // Node reads the sources as it does in production: there is no build step, and no module is replaced.
  experimental: { viteModuleRunner: false },
}

export default defineConfig({
  test: {
    ...each,
    include: ['test/**/*.test.ts'],
    exclude: ['test/soak/**'],
    pool: 'forks',
    // Loading and warming up everything anew for each file would be a third of the whole.
    isolate: false,
    maxWorkers: 3,
  },
})
