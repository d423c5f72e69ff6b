// P5: A delivery is acknowledged after it is stored, never before: while the disk is full or the database fails, refuses or breaks off, GitHub hears 503, and Mayday goes on by itself afterwards.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clock } from '../clock.ts'
import { fillFromTemplate, forEachBackend, type Place } from '../database/backends.ts'
import { SECRET } from '../sandbox/harness.ts'
import { startSandbox } from '../sandbox/sandbox.ts'
import type { Issue } from '../sandbox/world/world.ts'
import { makeEngine } from '../stories/engine.ts'
import { timeline } from '../stories/story.ts'
import { startRelay } from './relay.ts'
import { sized } from './size.ts'

const MEGABYTE = 1024 * 1024
/** Of the disk that is filled: the database takes about sixty. */
const DISK_MEGABYTES = 320

/** A running Mayday. */
async function open(place: Place) {
  const sandbox = await startSandbox({ secret: SECRET, now: () => clock.now(), validate: false })
  sandbox.as('dee').push({ branch: 'main', files: { '.github/mayday.yml': 'board: none' } })
  const engine = makeEngine(sandbox, place)
  await engine.start()
  const close = async (): Promise<void> => {
    await engine.stop()
    await sandbox.stop()
  }
  /** A new one, declared and at rest. */
  const incident = async (): Promise<Issue> => {
    const issue = sandbox.as('ada').openIssue({ title: 'Search answers 500' })
    sandbox.as('ada').label(issue, 'incident', 'sev:P2')
    await engine.quiet()
    return issue
  }
  const note = async (issue: Issue, text: string) => {
    sandbox.as('ada').comment(issue, `/note ${text}`)
    await sandbox.settle()
    const sent = sandbox.deliveries.findLast(({ event }) => event === 'issue_comment')
    if (!sent) throw new Error('there was no delivery')
    return sent
  }
  const get = async (path: string) => (await fetch(new URL(path, engine.webhookUrl()))).status
  return { sandbox, engine, incident, note, get, close }
}

type Opened = Awaited<ReturnType<typeof open>>

const notesOf = (issue: Issue): string[] =>
  timeline(issue.comments.find(({ body }) => body.includes('mayday:living'))?.body ?? '').filter((text) =>
    text.startsWith('finding'),
  )

/** Refused as long as the fault lasts, alive meanwhile, and by itself as before when it is over. */
async function expectRefusal(opened: Opened, fault: { begin(): unknown; end(): unknown; ready?: true }) {
  const { sandbox, engine, note, get } = opened
  const issue = await opened.incident()
  await fault.begin()
  const lost = [await note(issue, 'finding 1'), await note(issue, 'finding 2')]
  expect(lost.map(({ statusCode }) => statusCode)).toEqual([503, 503])
  expect([await get('/healthz'), await get('/readyz')]).toEqual([200, fault.ready ? 200 : 503])
  await fault.end()
  await expect.poll(() => get('/readyz'), { timeout: 60_000 }).toBe(200)
  for (const delivery of lost) {
    const again = sandbox.redeliver(delivery)
    await sandbox.settle()
    expect(again.statusCode).toBe(200)
  }
  expect((await note(issue, 'finding 3')).statusCode).toBe(200)
  await engine.quiet()
  expect(notesOf(issue)).toEqual(['finding 1', 'finding 2', 'finding 3'])
}

test('on a full disk', async (context) => {
  const disk = mkdtempSync(join(tmpdir(), 'mayday-disk-'))
  context.onTestFinished(() => rmSync(disk, { recursive: true, force: true }))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MEGABYTES}m`, 'tmpfs', disk], {
      stdio: 'ignore',
    })
  } catch {
    context.skip('nobody but root can make a disk to fill')
  }
  context.onTestFinished(() => void execFileSync('umount', ['--lazy', disk]))
  const dataDir = join(disk, 'data')
  await fillFromTemplate(dataDir)
  const opened = await open({ dataDir })
  const filling = join(disk, 'filling')
  const fill = () => {
    const { bavail, bsize } = statfsSync(disk)
    writeFileSync(filling, Buffer.alloc(bavail * bsize - 100 * MEGABYTE))
  }
  await expectRefusal(opened, { begin: fill, end: () => rmSync(filling) })
  await opened.close()
}, 240_000)

forEachBackend('with a database', (_open, place) => {
  let opened: Opened
  let server: pg.Client | undefined
  beforeAll(async () => {
    opened = await open(place)
    if (!place.databaseUrl) return
    const url = new URL(place.databaseUrl)
    url.pathname = '/postgres'
    server = new pg.Client({ connectionString: url.href })
    await server.connect()
  })
  afterAll(async () => {
    await opened.close()
    await server?.end()
  })

  /** As a full disk would, but for one table alone. */
  const refusing = (table: string) => ({
    begin: () =>
      opened.engine.shell().database.query(`
        CREATE OR REPLACE FUNCTION mayday.refuse() RETURNS trigger LANGUAGE plpgsql
          AS $$ BEGIN RAISE EXCEPTION 'no' USING errcode = '53100'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON mayday.${table} EXECUTE FUNCTION mayday.refuse()`),
    end: () => opened.engine.shell().database.query(`DROP TRIGGER refuse ON mayday.${table}`),
  })

  test('that refuses a statement', async () => {
    await expectRefusal(opened, { ...refusing('deliveries'), ready: true })
  }, 240_000)

  test('that refuses what follows from an acknowledged one', async () => {
    const { engine, note, incident } = opened
    const issue = await incident()
    const fault = refusing('events')
    await fault.begin()
    expect((await note(issue, 'finding 1')).statusCode).toBe(200)
    // Whatever is its own fault is given up within half a minute.
    await engine.endure('1m', { leap: '5s' })
    await fault.end()
    await engine.quiet()
    expect(notesOf(issue)).toEqual(['finding 1'])
  }, 240_000)

  test.runIf(place.databaseUrl)(
    'that is gone for a while',
    async () => {
      const letIn = (yes: boolean) => server?.query(`ALTER DATABASE ${name()} ALLOW_CONNECTIONS ${yes}`)
      const begin = async () => {
        await letIn(false)
        await breakOff()
      }
      await expectRefusal(opened, { begin, end: () => letIn(true) })
    },
    240_000,
  )

  test.runIf(place.databaseUrl)(
    'that breaks off again and again under load',
    async () => {
      const { sandbox, engine } = opened
      const issue = await opened.incident()
      const relay = await startRelay({ targets: () => [engine.webhookUrl()] })
      sandbox.setWebhookUrl(relay.url)
      const texts = Array.from({ length: sized({ suite: 50, soak: 300 }) }, (_, number) => `number ${number}`)
      for (const text of texts) sandbox.as('ada').comment(issue, `/note ${text}`)
      let broken = 0
      for (let times = sized({ suite: 6, soak: 100 }); times > 0; times -= 1) {
        await pause(100)
        broken += await breakOff()
      }
      await relay.empty()
      await expect.poll(() => opened.get('/readyz'), { timeout: 60_000 }).toBe(200)
      await engine.quiet()
      await relay.stop()
      expect(broken).toBeGreaterThan(6)
      const commands = issue.comments.filter(({ body }) => body.startsWith('/note'))
      const answers = commands.map(({ reactions }) => reactions.map(({ content }) => content).toSorted())
      expect(answers).toEqual(commands.map(() => ['eyes', 'rocket']))
      const facts = await engine
        .shell()
        .database.query<{ text: string }>(
          `SELECT body ->> 'text' AS text FROM mayday.events WHERE body ->> 'text' LIKE 'number %'`,
        )
      expect(facts.map(({ text }) => text).toSorted()).toEqual(texts.toSorted())
    },
    300_000,
  )

  const name = (): string => new URL(place.databaseUrl ?? '').pathname.slice(1)

  /** Ends every connection to the database; resolves to how many there were. */
  async function breakOff(): Promise<number> {
    const ended = await server?.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1',
      [name()],
    )
    return ended?.rowCount ?? 0
  }
})
