// How the suite runs: a few processes, each with one test file after the other.
import { globSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Every file and every child process loads the same packages: compiled once, they load in half the time.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'mayday-test-compile-cache')

/** The files that wait most (processes, real delays) begin first, so that none of them is alone at the end. */
const LONGEST = [
  'promises/p17-timers',
  'promises/p09-github-away',
  'promises/p03-crash',
  'promises/p45-side-by-side',
  'demo',
  'promises/p40-secrets',
  'promises/p42-closed',
  'outside/deliveries',
  'stories/faults',
  'stories/whole',
  'intake',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      if (moduleId.endsWith('/test/queue.test.ts')) return -2
      // A process is given on only where the next file is of its own project: these stay together.
      if (project.name === 'own') return -1
      const index = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
      return index < 0 ? LONGEST.length : index
    }
    return files.sort((a, b) => rank(a) - rank(b))
  }
}

const root = new URL('..', import.meta.url).pathname
const ALL = 'test/**/*.test.ts'
const NOT_NOW = ['test/soak/**']
/** Nock answers for the whole process that it is loaded in. */
const WITH_NOCK = globSync(ALL, { cwd: root }).filter((file) =>
  /from '(nock|.*\/stand\.ts)'/.test(readFileSync(join(root, file), 'utf8')),
)

export const each = {
  root,
  setupFiles: ['test/after-file.ts'],
  testTimeout: 20_000,
  hookTimeout: 30_000,
  restoreMocks: true,
}

export default defineConfig({
  test: {
    root,
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Real processes, real delays and two cores: on a busy machine one of them may come too late. Locally it fails at once.
    retry: process.env.CI ? 2 : 0,
    projects: [
      {
        // Loading and warming up everything anew for each file would be a third of the whole.
        test: {
          ...each,
          name: 'shared',
          include: [ALL],
          exclude: [...NOT_NOW, ...WITH_NOCK],
          isolate: false,
        },
      },
      { test: { ...each, name: 'own', include: WITH_NOCK } },
    ],
  },
})
