// Runs one command as the terminal would, and keeps what it said.
import { run } from '../../src/cli.ts'
import type { Place } from '../database/backends.ts'

export async function said(words: readonly string[], variables: Record<string, string> = {}) {
  const out: string[] = []
  const err: string[] = []
  const exit = await run(words, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    variables,
  })
  return { exit, out, err }
}

/** The environment that names a database. */
export const at = ({ dataDir, databaseUrl }: Place): Record<string, string> => ({
  DATA_DIR: dataDir,
  ...(databaseUrl && { DATABASE_URL: databaseUrl }),
})
