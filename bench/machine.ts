// The machine on which it was measured: a figure without it says nothing.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { median } from './report.ts'

const SYNCS = 200

/** One line: processor, memory, disk, versions, and how busy it was with other things. */
export async function machine(postgres: string | undefined): Promise<string> {
  const [first] = cpus()
  const embedded = await PGlite.create()
  const { rows } = await embedded.query<{ server_version: string }>('SHOW server_version')
  await embedded.close()
  const parts = [
    `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}`,
    `${Math.round(totalmem() / 1024 ** 3)} GB`,
    `fdatasync ${Math.round(syncMicros())} µs`,
    `${process.platform}, Node ${process.versions.node}`,
    `PGlite (PostgreSQL ${rows[0]?.server_version})`,
    ...(postgres === undefined ? [] : [`PostgreSQL ${postgres}`]),
    `load ${loadavg()[0]?.toFixed(1)} at the beginning`,
  ]
  return parts.join(', ')
}

/** The median of writing eight kilobytes through to the disk, in microseconds. */
function syncMicros(): number {
  const directory = mkdtempSync(join(tmpdir(), 'mayday-disk-'))
  const file = openSync(join(directory, 'log'), 'w')
  const page = Buffer.alloc(8_192, 1)
  const times = Array.from({ length: SYNCS }, () => {
    writeSync(file, page)
    const began = performance.now()
    fdatasyncSync(file)
    return (performance.now() - began) * 1000
  })
  closeSync(file)
  rmSync(directory, { recursive: true })
  return median(times)
}

/** Processor time that a process has used, in milliseconds; NaN where the system does not tell. */
export function cpuMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return Number.NaN
  }
}

/** Memory of a process, in megabytes; NaN where the system does not tell. */
export function memoryMb(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}
