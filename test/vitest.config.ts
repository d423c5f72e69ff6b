// How the suite runs: every test file in its own process, stories included.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Every file and every child process loads the same packages: compiled once, they load in half the time.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'mayday-test-compile-cache')

/** The files that wait most (processes, real delays) begin first, so that none of them is alone at the end. */
const LONGEST = [
  'promises/p03-crash',
  'queue',
  'promises/p40-secrets',
  'promises/p42-closed',
  'outside/deliveries',
  'demo',
  'stories/faults',
  'stories/whole',
  'intake',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
      return index < 0 ? LONGEST.length : index
    }
    return files.sort((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: ['test/soak/**'],
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    hookTimeout: 30_000,
    restoreMocks: true,
    // Real processes, real delays and two cores: on a busy machine one of them may come too late. Locally it fails at once.
    retry: process.env.CI ? 2 : 0,
  },
})
