// Opens the database of the environment for one command.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../config/env.ts'
import { type Database, openDatabase } from '../database/database.ts'
import { SILENT } from '../log.ts'
import { type ExitCode, Stopped, type Terminal } from './terminal.ts'

/** Runs a command on what is stored, and closes it. Makes no database where there is none; the embedded one is refused
 * while a server holds it.
 * @throws Stopped where there is nothing to open. */
export async function withStored(
  terminal: Terminal,
  command: (database: Database, settings: Settings) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { settings } = terminal.environment()
  const { databaseUrl, dataDir } = settings
  if (!databaseUrl && !existsSync(join(dataDir, 'pglite')))
    throw new Stopped(
      `Nothing is stored in ${dataDir} (DATA_DIR), and DATABASE_URL is not given. Give the one that the server has.`,
    )
  return withDatabase(settings, (database) => command(database, settings))
}

/** The same, but an embedded database is made where there is none.
 * @throws Stopped where it cannot be opened. */
export async function withDatabase(
  { databaseUrl, dataDir }: Pick<Settings, 'databaseUrl' | 'dataDir'>,
  command: (database: Database) => Promise<ExitCode>,
): Promise<ExitCode> {
  const database = await openDatabase({ databaseUrl, dataDir, log: SILENT }).catch((error: unknown) => {
    throw new Stopped(`The database cannot be opened: ${error instanceof Error ? error.message : 'unknown'}`)
  })
  try {
    return await command(database)
  } finally {
    await database.close()
  }
}
