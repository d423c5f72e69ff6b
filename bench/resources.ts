// What Mayday takes of a machine: memory, and how long it starts, on the embedded database.
import { setTimeout as pause } from 'node:timers/promises'
import { removeDataDir, startApp } from '../test/sandbox/app-process.ts'
import { startSandbox } from '../test/sandbox/sandbox.ts'
import { memoryMb } from './machine.ts'
import type { Theme } from './report.ts'
import { SECRET } from './stand.ts'

/** What the start itself took is given back by then. */
const SETTLE_MS = 10_000

export async function measureResources(): Promise<Theme> {
  const sandbox = await startSandbox({ secret: SECRET, now: Date.now, validate: false })
  const start = async (dataDir?: string) => {
    const began = performance.now()
    const where = dataDir === undefined ? {} : { dataDir }
    const app = await startApp({ sandbox, secret: SECRET, logLevel: 'error', ...where })
    return { app, ms: performance.now() - began }
  }
  try {
    const cold = await start()
    const { dataDir } = cold.app
    await cold.app.stop()
    const warm = await start(dataDir)
    await pause(SETTLE_MS)
    const memory = memoryMb(warm.app.pid)
    await warm.app.kill()
    const killed = await start(dataDir)
    await killed.app.stop()
    removeDataDir(dataDir)
    return {
      title: 'Memory and start, embedded',
      figures: [
        {
          name: 'memory, ten seconds after a start',
          value: memory,
          unit: 'MB',
          bar: { atMost: 450 },
          matters: true,
        },
        { name: 'the very first start, which makes the database', value: cold.ms, unit: 'ms' },
        { name: 'a start', value: warm.ms, unit: 'ms', bar: { atMost: 2_000 }, matters: true },
        { name: 'a start after kill -9', value: killed.ms, unit: 'ms', bar: { atMost: 5_000 } },
      ],
    }
  } finally {
    await sandbox.stop()
  }
}
