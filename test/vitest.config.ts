// How the suite runs: every test file in its own process, stories included.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Every file and every child process loads the same packages: compiled once, they load in half the time.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'mayday-test-compile-cache')

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    restoreMocks: true,
  },
})
