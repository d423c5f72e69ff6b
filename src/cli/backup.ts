// `backup` and `restore`: writes everything that is stored into one file, and reads it back.
import { readFileSync } from 'node:fs'
import { BadBackup, type Counts, inspectBackup } from '../backup/file.ts'
import { loadBackup } from '../backup/load.ts'
import { JOBS, saveBackup } from '../backup/save.ts'
import { SILENT } from '../log.ts'
import { withDatabase, withStored } from './stored.ts'
import { counted, type ExitCode, Stopped, type Terminal } from './terminal.ts'

const PACKAGE = new URL('../../package.json', import.meta.url)

/** Writes a new file; what is in it, on the terminal. */
export function backup(file: string, terminal: Terminal): Promise<ExitCode> {
  return withStored(terminal, async (database) => {
    const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8'))
    const counts = await withFileErrors(() => saveBackup(database, file, { version, now: terminal.now() }))
    terminal.out(`${file} holds ${contents(counts)}.`)
    terminal.out(
      'No secrets are in it: keep DATA_DIR/credentials (or what you put into the environment) apart. What people wrote is.',
    )
    return 0
  })
}

/** Fills an empty database, which may be of the other kind, from a file. */
export async function restore(file: string, terminal: Terminal): Promise<ExitCode> {
  const { settings } = terminal.environment()
  const whole = await withFileErrors(() => inspectBackup(file))
  return withDatabase(settings, async (database) => {
    await withFileErrors(() => loadBackup(database, whole, SILENT))
    terminal.out(`Restored as of ${whole.header.at}: ${contents(whole.counts)}.`)
    terminal.out('Start Mayday: what waited goes on, and what GitHub sent since then is asked for again.')
    return 0
  })
}

const contents = (counts: Counts): string =>
  [
    counted(counts.incidents ?? 0, 'incident'),
    counted(counts.events ?? 0, 'fact'),
    `${counts.deliveries ?? 0} deliveries`,
    `${counted(counts[JOBS] ?? 0, 'job')} that wait`,
  ].join(', ')

/** Reports a file that cannot be written, or that is not a backup, as a sentence for the operator. */
async function withFileErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof BadBackup) throw new Stopped(error.message)
    const isFile = error instanceof Error && 'syscall' in error
    throw isFile ? new Stopped(`The backup cannot be written: ${error.message}`) : error
  }
}
