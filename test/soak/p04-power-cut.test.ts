// P4: After a power cut the embedded database opens within 5 s, undamaged, with everything that was acknowledged.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/database/database.ts'
import { damageOf } from '../database/amcheck.ts'
import { silent } from '../database/backends.ts'

const CUTS = 10
const DISK_BYTES = 4 * 1024 ** 3

/** Ends an ext4 as a power cut does: what has not reached the disk by now never will. No journal is flushed.
 * EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH; Node has no ioctl, every Debian has perl. */
const CUT = 'open F,"<",$ARGV[0] or die; $f=pack("L",2); ioctl(F,0x8004587d,$f) or die "ioctl: $!"'

const why = reasonNotTo()
if (why) console.info(`P4 is not tried: ${why}`)

describe.skipIf(why)('an ext4 of its own in a file, its power cut while Mayday takes deliveries in', () => {
  const place = mkdtempSync(join(tmpdir(), 'mayday-power-'))
  const image = join(place, 'disk.img')
  const disk = join(place, 'disk')
  const dataDir = join(disk, 'data')
  const mount = () => execFileSync('mount', ['-o', 'loop', image, disk])

  beforeAll(() => {
    writeFileSync(image, '')
    truncateSync(image, DISK_BYTES)
    mkdirSync(disk)
    execFileSync('mkfs.ext4', ['-q', image])
    mount()
  })
  afterAll(() => {
    execFileSync('umount', [disk])
    rmSync(place, { recursive: true })
  })

  test(`${CUTS} times over`, async () => {
    const acknowledged = new Set<string>()
    const times: number[] = []
    for (let cut = 1; cut <= CUTS; cut += 1) {
      const writer = startWriter(dataDir, acknowledged)
      await writer.busy
      // From the first seconds, before the kernel has written anything back by itself, to long after it has.
      await pause(cut === CUTS ? 40_000 : 500 + Math.random() * 6_000)
      execFileSync('perl', ['-e', CUT, disk])
      await writer.end()
      execFileSync('umount', [disk])
      mount()

      const began = performance.now()
      const database = await openDatabase({ dataDir, log: silent })
      const opened = performance.now() - began
      const rows = await database.query<{ guid: string }>('SELECT guid FROM mayday.deliveries')
      await database.close()
      const stored = new Set(rows.map(({ guid }) => guid))
      const lost = [...acknowledged].filter((guid) => !stored.has(guid))
      const damage = await damageOf(join(dataDir, 'pglite'))
      console.info(`cut ${cut}: ${acknowledged.size} acknowledged, opened in ${Math.round(opened)} ms`)
      expect({ lost, damage }).toEqual({ lost: [], damage: [] })
      times.push(opened)
    }
    expect(Math.max(...times), 'milliseconds to open').toBeLessThan(5_000)
  })
})

function reasonNotTo(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'mounting a disk takes root on Linux'
  try {
    execFileSync('losetup', ['--find'], { stdio: 'ignore' })
    execFileSync('perl', ['-v'], { stdio: 'ignore' })
    execFileSync('mkfs.ext4', ['-V'], { stdio: 'ignore' })
  } catch {
    return 'it takes a free loop device, mkfs.ext4 and perl'
  }
}

/** `busy` once something new is acknowledged; `end` when it is gone and all that it said is heard. */
function startWriter(dataDir: string, acknowledged: Set<string>) {
  const child: ChildProcess = spawn(
    process.execPath,
    [new URL('../door/intake-child.ts', import.meta.url).pathname],
    {
      env: { ...process.env, PLACE: JSON.stringify({ dataDir }), RUN: String(acknowledged.size) },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  if (!child.stdout) throw new Error('the writer has no output')
  const busy = Promise.withResolvers<void>()
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    const [word, guid = ''] = line.split(' ')
    if (word !== 'ack') return
    acknowledged.add(guid)
    busy.resolve()
  })
  const gone = Promise.all([once(child, 'exit'), once(lines, 'close')])
  void gone.then(() => busy.reject(new Error('the writer ended before it began')))
  return {
    busy: busy.promise,
    end: async () => {
      child.kill('SIGKILL')
      await gone
    },
  }
}
