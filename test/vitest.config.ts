// How the suite runs: a few processes, each with one test file after the other.
import { globSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Every file and every child process loads the same packages: compiled once, they load in half the time.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'mayday-test-compile-cache')

/** The files that wait most (processes, real delays), the longest first. */
const WAITING = [
  'queue',
  'promises/p17-timers',
  'sandbox/demo/demo',
  'promises/p45-side-by-side',
  'promises/p03-crash',
  'outside/deliveries',
  'promises/p09-github-away',
  'cli/backup',
  'promises/p42-closed',
  'promises/p12-poison',
  'promises/p40-secrets',
  'promises/p24-lock',
  'promises/p08-lost',
  'intake',
  'promises/p21-start',
  'promises/p46-upgrade',
]

/** Beside a file that waits goes one that computes. Those of one project stay together: only then is a process given on. */
class WaitingBesideComputing extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number =>
      WAITING.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
    const waiting = files.filter((file) => place(file) >= 0).sort((a, b) => place(a) - place(b))
    const own = files.filter(({ project }) => project.name === 'own')
    const computing = files.filter((file) => place(file) < 0 && !own.includes(file))
    const share = Math.ceil(computing.length / Math.max(1, waiting.length))
    const mixed = waiting.flatMap((file, at) => [file, ...computing.slice(at * share, (at + 1) * share)])
    return [...own, ...mixed, ...computing.slice(waiting.length * share)]
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
    sequence: { sequencer: WaitingBesideComputing },
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
