// P16: Where ten incidents a second are declared over a hundred installations, the living comment comes within 0.3 s as a rule and 99 times in 100 within two; no installation waits for the others.
import { setTimeout as pause } from 'node:timers/promises'
import type { Issue, Repository } from '../test/sandbox/world/world.ts'
import { median, percentile, type Theme } from './report.ts'
import { type DatabaseName, installMany, livingOf, openStand, type Stand, until } from './stand.ts'

const INSTALLATIONS = 100
const LATE_MS = 60_000

const PER_SECOND = 10
/** Of each installation. */
const INCIDENTS = 2

type Declared = { issue: Issue; ms: number }

/** On PostgreSQL where `databaseUrl` is given, else on the embedded database. */
export async function measureRush(databaseUrl?: string): Promise<Theme> {
  const stand = await openStand(databaseUrl)
  try {
    const repositories = installMany(stand.sandbox, INSTALLATIONS)
    await stand.quiet()
    // The first of an installation makes its labels and its board.
    const first = repositories.map((repository) => open(stand, repository))
    for (const issue of first) declare(stand, issue)
    await stand.quiet()
    const issues = Array.from({ length: INCIDENTS }, () => repositories.map((one) => open(stand, one))).flat()
    await stand.quiet()
    return theme(await rush(stand, issues), stand.database)
  } finally {
    await stand.stop()
  }
}

const open = ({ sandbox }: Stand, repo: Repository): Issue =>
  sandbox.as('ada').openIssue({ repo, title: 'Search answers slowly' })

const declare = ({ sandbox }: Stand, issue: Issue): unknown =>
  sandbox.as('ada').label(issue, 'incident', 'sev:P1')

/** One installation after the other, at an even pace; resolves to how long each took. */
async function rush(stand: Stand, issues: readonly Issue[]): Promise<Declared[]> {
  const { now } = stand.sandbox.world
  const labelled: { issue: Issue; at: number }[] = []
  const began = performance.now()
  for (const [count, issue] of issues.entries()) {
    await pause(Math.max(0, (count * 1000) / PER_SECOND - (performance.now() - began)))
    labelled.push({ issue, at: now() })
    declare(stand, issue)
  }
  await until(() => issues.every((issue) => livingOf(issue) !== undefined), LATE_MS)
  return labelled.map(({ issue, at }) => ({ issue, ms: (livingOf(issue)?.createdAt ?? Number.NaN) - at }))
}

function theme(declared: readonly Declared[], where: DatabaseName): Theme {
  const times = declared.map(({ ms }) => ms)
  const ofEach = [...Map.groupBy(declared, ({ issue }) => issue.repository).values()].map(
    (own) => own.reduce((sum, { ms }) => sum + ms, 0) / own.length,
  )
  return {
    title: `${PER_SECOND} incidents a second over ${INSTALLATIONS} installations, ${declared.length} of them, ${where}`,
    figures: [
      {
        name: `label to living comment, ${PER_SECOND} incidents a second: p50 (${where})`,
        value: median(times),
        unit: 'ms',
        bar: { atMost: 300 },
        matters: true,
      },
      { name: 'p99', value: percentile(times, 0.99), unit: 'ms', bar: { atMost: 2_000 } },
      { name: 'the slowest', value: Math.max(...times), unit: 'ms' },
      {
        name: 'the installation that waited longest',
        value: Math.max(...ofEach),
        unit: 'ms',
        bar: { atMost: 2_000 },
      },
      { name: 'the same beside the middle one', value: Math.max(...ofEach) / median(ofEach), unit: '×' },
    ],
  }
}
