// Processes side by side on one PostgreSQL: how many deliveries a second they store together.
import { type AppProcess, removeDataDir, startApp } from '../test/sandbox/app-process.ts'
import { startSandbox } from '../test/sandbox/sandbox.ts'
import { comments } from './comments.ts'
import { load } from './load.ts'
import { withDatabase } from './postgres.ts'
import type { Figure, Theme } from './report.ts'
import { SECRET } from './stand.ts'

const CALLS = 2_000
const COUNTS = [1, 2, 4]

export async function measureProcesses(): Promise<Theme> {
  const figures: Figure[] = []
  for (const count of COUNTS) figures.push(await withDatabase((url) => measure(count, url)))
  return { title: `Processes side by side on one PostgreSQL, ${CALLS} deliveries`, figures }
}

async function measure(count: number, databaseUrl: string): Promise<Figure> {
  const sandbox = await startSandbox({ secret: SECRET, now: Date.now, validate: false })
  const apps: AppProcess[] = []
  try {
    for (let index = 0; index < count; index += 1)
      apps.push(await startApp({ sandbox, secret: SECRET, logLevel: 'error', databaseUrl }))
    const body = comments(sandbox)('/lgtm')
    const began = performance.now()
    const loads = await Promise.all(
      apps.map(({ webhookUrl }) =>
        load({ url: webhookUrl, secret: SECRET, event: 'issue_comment', count: CALLS / count, body }),
      ),
    )
    const seconds = (performance.now() - began) / 1000
    const failed = loads.reduce((sum, one) => sum + one.failed, 0)
    const name = `${count} ${count === 1 ? 'process' : 'processes'}: stored`
    return { name, value: CALLS / seconds, unit: '/s', ...(failed > 0 && { note: `${failed} failed` }) }
  } finally {
    for (const app of apps) {
      await app.stop()
      removeDataDir(app.dataDir)
    }
    await sandbox.stop()
  }
}
