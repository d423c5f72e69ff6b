// What a first start leaves behind, made once per schema and copied for each place of a test.

import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../src/database/database.ts'
import { SILENT } from '../../src/log.ts'
import { startQueue } from '../../src/queue/queue.ts'

/** Where a database of one test file lives; what `openDatabase` takes. */
export type Place = { databaseUrl?: string; dataDir: string }

export const silent = SILENT

/** The migrations and pg-boss's own set-up, as the first start of a Mayday runs them. */
export async function startOnce(place: Place): Promise<void> {
  const database = await openDatabase({ ...place, log: silent })
  const queue = await startQueue({ database, log: silent })
  await queue.stop({ timeoutMs: 0 })
  await database.close()
}

/** The first start of a PGlite, with its migrations, takes seconds; copying the outcome of one takes a moment. */
export async function fillFromTemplate(dataDir: string): Promise<void> {
  const template = join(tmpdir(), `mayday-test-template-${schemaHash}`)
  if (!existsSync(template)) {
    const draft = mkdtempSync(`${template}-`)
    await startOnce({ dataDir: draft })
    try {
      renameSync(draft, template)
    } catch {
      // Another test file was faster.
      rmSync(draft, { recursive: true })
    }
  }
  cpSync(join(template, 'pglite'), join(dataDir, 'pglite'), { recursive: true })
}

/** Changes with whatever may change what a first start leaves behind. */
export const schemaHash = hashOfSources()

function hashOfSources(): string {
  const root = new URL('../../', import.meta.url).pathname
  const sources = ['src/migrations', 'src/database', 'src/queue'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((file) => join(root, folder, file)),
  )
  const hash = createHash('sha256')
  for (const file of [...sources.sort(), join(root, 'package-lock.json')]) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}
