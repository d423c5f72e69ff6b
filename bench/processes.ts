// Processes side by side on one PostgreSQL: how many deliveries a second they store together, and how much they get done on a
// GitHub that takes its time.
import { setTimeout as pause } from 'node:timers/promises'
import { comments } from './comments.ts'
import { load } from './load.ts'
import { withDatabase } from './postgres.ts'
import type { Figure, Theme } from './report.ts'
import { installMany, jobs, openStand, SECRET, type Stand, writesOf } from './stand.ts'

const COUNTS = [1, 2, 4]
const CALLS = 2_000
const INSTALLATIONS = 60
/** What GitHub takes for an answer. */
const LATENCY_MS = 100

export async function* measureProcesses(): AsyncGenerator<Theme> {
  yield await compared(`${CALLS} deliveries`, 'stored', storedPerSecond)
  const notes = `a note on each of ${INSTALLATIONS} incidents, GitHub answers in ${LATENCY_MS} ms`
  yield await compared(notes, 'effects', effectsPerSecond)
}

type Measure = (stand: Stand) => Promise<number>

async function compared(work: string, what: string, measure: Measure): Promise<Theme> {
  const figures: Figure[] = []
  for (const count of COUNTS) {
    const value = await withDatabase((url) => measureOn(url, count, measure))
    const [alone] = figures
    figures.push({ name: `${count} ${count === 1 ? 'process' : 'processes'}: ${what}`, value, unit: '/s' })
    if (alone) figures.push({ name: 'beside one process', value: value / alone.value, unit: '×' })
  }
  return { title: `Processes side by side on one PostgreSQL, ${work}`, figures }
}

async function measureOn(url: string, count: number, measure: Measure): Promise<number> {
  const stand = await openStand(url, count)
  try {
    return await measure(stand)
  } finally {
    await stand.stop()
  }
}

/** NaN where one was not stored. */
async function storedPerSecond({ sandbox, apps }: Stand): Promise<number> {
  const body = comments(sandbox)('/lgtm')
  const began = performance.now()
  const loads = await Promise.all(
    apps.map(({ webhookUrl }) =>
      load({ url: webhookUrl, secret: SECRET, event: 'issue_comment', count: CALLS / apps.length, body }),
    ),
  )
  const seconds = (performance.now() - began) / 1000
  return loads.some(({ failed }) => failed > 0) ? Number.NaN : CALLS / seconds
}

/** What is written on GitHub, from the notes to the last of it. */
async function effectsPerSecond({ sandbox, app, quiet }: Stand): Promise<number> {
  const ada = sandbox.as('ada')
  const issues = installMany(sandbox, INSTALLATIONS).map((repo) =>
    ada.openIssue({ repo, title: 'Search answers slowly' }),
  )
  await quiet()
  for (const issue of issues) ada.label(issue, 'incident', 'sev:P1')
  await quiet()
  sandbox.fault({ kind: 'slow', delayMs: LATENCY_MS })
  const before = sandbox.calls.length
  const began = sandbox.world.now()
  for (const issue of issues) ada.comment(issue, '/note 403 since the migration')
  await sandbox.settle()
  while ((await jobs(app)) > 0) await pause(LATENCY_MS)
  const writes = writesOf(sandbox.calls.slice(before))
  const last = Math.max(...writes.map(({ at }) => at))
  return writes.length / ((last + LATENCY_MS - began) / 1000)
}
