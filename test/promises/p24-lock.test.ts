// P24: A second process on the same data directory is refused within 2 s; the first one does not notice, and a dead one is no hindrance.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { damageOf } from '../database/amcheck.ts'
import { onPglite } from '../database/backends.ts'
import { type AppProcess, startApp } from '../sandbox/app-process.ts'
import { SECRET } from '../sandbox/harness.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { good, start, tidyUp } from './program.ts'
import { sized } from './size.ts'

const SOAK = sized({ suite: false, soak: true })
const TRIES = sized({ suite: 1, soak: 20 })

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ secret: SECRET, validate: false })
})
afterAll(async () => {
  await sandbox.stop()
  tidyUp()
})

async function startOn(dataDir: string): Promise<AppProcess> {
  const app = await startApp({ sandbox, secret: SECRET, dataDir })
  sandbox.setWebhookUrl(app.webhookUrl)
  return app
}

/** Declares an incident and waits until the comment is there. */
async function works(): Promise<void> {
  const ada = sandbox.as('ada')
  const issue = ada.openIssue({ title: 'Search answers 500' })
  ada.label(issue, 'incident')
  await sandbox.settle()
  const said = (): string => issue.comments.map(({ body }) => body).join()
  await expect.poll(said, { timeout: 60_000 }).toContain('Declared')
}

onPglite('a data directory', (_open, { dataDir }) => {
  test(
    'belongs to the first process until it ends, also by kill -9',
    async () => {
      let first = await startOn(dataDir)
      for (let tried = 1; tried <= TRIES; tried += 1) {
        const began = performance.now()
        const second = start({ ...good, DATA_DIR: dataDir })
        expect(await second.ended).toBe(1)
        if (SOAK) expect(performance.now() - began).toBeLessThan(2_000)
        expect(second.written.stderr).toMatch(
          new RegExp(
            `^mayday cannot start: Another process \\(process ${first.pid}\\) [^\\n]*DATA_DIR[^\\n]*\\n$`,
          ),
        )
        expect(second.written.stdout).toBe('')
        await works()
        await first.kill()
        first = await startOn(dataDir)
      }
      await works()
      expect(await first.stop()).toBe(0)
      expect(first.stderr).toBe('')
      expect(await damageOf(join(dataDir, 'pglite'))).toEqual([])
    },
    sized({ suite: 240_000, soak: 600_000 }),
  )
})
