// The file of a backup: JSON lines, compressed, readable by its owner alone, with a checksum at the end.
import { createHash, type Hash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'

/** The first line. `schema`: the version of the database; `at`: ISO 8601. */
export type Header = { mayday: 'backup'; format: 1; version: string; schema: number; at: string }
/** How many rows there are of each table; `jobs` are those of the queue. */
export type Counts = { [table: string]: number }
/** One row: as the database writes it in JSON, untouched on its way (no number of it passes through JavaScript). */
export type BackupRow = { table: string; row: string }

/** A backup that cannot be used, in words for the operator. */
export class BadBackup extends Error {}

const ROW = /^\{"table":"([a-z_]+)","row":(\{.*\})\}$/s

export type BackupWriter = { write(line: BackupRow): Promise<void> }

/**
 * Writes a whole file, or none: it has its name only once everything is on the disk. `fill` writes the rows; what it
 * throws is thrown.
 * @throws BadBackup where the file is there already.
 */
export async function writeBackup(
  file: string,
  header: Header,
  fill: (writer: BackupWriter) => Promise<void>,
): Promise<Counts> {
  const unfinished = `${file}.unfinished`
  if (existsSync(file)) throw new BadBackup(`${file} is there already: give the backup another name.`)
  rmSync(unfinished, { force: true })
  const gzip = createGzip()
  const stored = pipeline(gzip, createWriteStream(unfinished, { flags: 'wx', mode: 0o600, flush: true }))
  // Told where it is awaited.
  stored.catch(() => {})
  const hash = createHash('sha256')
  const counts: Counts = {}
  const put = async (text: string): Promise<void> => {
    hash.update(text)
    if (!gzip.write(text)) await Promise.race([once(gzip, 'drain'), stored])
  }
  try {
    await put(`${JSON.stringify(header)}\n`)
    await fill({
      write: async ({ table, row }) => {
        counts[table] = (counts[table] ?? 0) + 1
        await put(`{"table":"${table}","row":${row}}\n`)
      },
    })
    gzip.end(endOf(counts, hash))
    await stored
    renameSync(unfinished, file)
    return counts
  } catch (error) {
    gzip.destroy()
    await stored.catch(() => {})
    throw error
  } finally {
    rmSync(unfinished, { force: true })
  }
}

const endOf = (counts: Counts, hash: Hash): string =>
  `${JSON.stringify({ end: { counts, sha256: hash.digest('hex') } })}\n`

/** A file that was read to its end and is whole. */
export type Backup = { file: string; header: Header; counts: Counts }

/** Reads all of it once, as nothing may be written from a file that turns out to be damaged.
 * @throws BadBackup where it is no backup, not whole or damaged. */
export async function inspectBackup(file: string): Promise<Backup> {
  const hash = createHash('sha256')
  let header: Header | undefined
  const counts: Counts = {}
  for await (const line of linesOf(file)) {
    const end = /^\{"end":/.test(line)
    if (end) {
      if (header && `${line}\n` === endOf(counts, hash)) return { file, header, counts }
      throw new BadBackup(`${file} is damaged: its checksum does not fit. Take another backup.`)
    }
    hash.update(`${line}\n`)
    if (header === undefined) header = headerOf(line, file)
    else {
      const { table } = rowOf(line, file)
      counts[table] = (counts[table] ?? 0) + 1
    }
  }
  throw new BadBackup(`${file} is not whole: its end is missing. Take another backup.`)
}

/** The rows of a backup that was inspected, in their order. */
export async function* rowsOf(file: string): AsyncGenerator<BackupRow> {
  let first = true
  for await (const line of linesOf(file)) {
    if (/^\{"end":/.test(line)) return
    if (!first) yield rowOf(line, file)
    first = false
  }
}

function headerOf(line: string, file: string): Header {
  const notOurs = new BadBackup(`${file} is no backup of Mayday.`)
  try {
    const header: Partial<Header> | null = JSON.parse(line)
    if (header?.mayday !== 'backup' || typeof header.schema !== 'number') throw notOurs
    if (header.format !== 1) throw new BadBackup(tooNew(file, header, `format ${header.format}`))
    return header as Header
  } catch (error) {
    throw error instanceof BadBackup ? error : notOurs
  }
}

export const tooNew = (file: string, { version }: Partial<Header>, how: string): string =>
  `${file} was made by a newer Mayday (${version}, ${how}): restore it with that one.`

function rowOf(line: string, file: string): BackupRow {
  const [, table, row] = ROW.exec(line) ?? []
  if (table === undefined || row === undefined)
    throw new BadBackup(`${file} is damaged. Take another backup.`)
  return { table, row }
}

/** Lines end with a line feed and nothing else: other separators may stand in people's text. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const gunzip = createGunzip()
  const stream = createReadStream(file)
  stream.on('error', (error) => gunzip.destroy(error))
  stream.pipe(gunzip).setEncoding('utf8')
  let begun = ''
  try {
    for await (const chunk of gunzip) {
      const lines = `${begun}${chunk}`.split('\n')
      begun = lines.pop() ?? ''
      yield* lines
    }
  } catch (error) {
    throw new BadBackup(whyUnreadable(error, file))
  } finally {
    stream.destroy()
  }
  if (begun !== '') yield begun
}

function whyUnreadable(error: unknown, file: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'Z_DATA_ERROR') return `${file} is damaged, or no backup of Mayday.`
  if (code === 'Z_BUF_ERROR') return `${file} is not whole: its end is missing. Take another backup.`
  if (code === 'ENOENT') return `${file} cannot be read: there is no such file.`
  return `${file} cannot be read${code === '' ? '' : ` (${code})`}.`
}
