// How the soak runs: the promises at full length, one file after the other; `npm run soak -- p03` for one of them.
import { defineConfig } from 'vitest/config'
import { each } from './vitest.config.ts'

process.env.MAYDAY_SOAK = '1'

export default defineConfig({
  test: {
    ...each,
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    reporters: ['verbose'],
    testTimeout: 30 * 60_000,
    hookTimeout: 5 * 60_000,
  },
})
