// Backup and restore: everything comes back, wherever it goes, or nothing is touched.
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { saveBackup } from '../../src/backup/save.ts'
import { type Database, migrateTo } from '../../src/database/database.ts'
import { type Job, startQueue } from '../../src/queue/queue.ts'
import { createStore } from '../../src/store/store.ts'
import { forEachBackend, onPglite, silent } from '../database/backends.ts'
import { at, said } from './said.ts'

const folder = mkdtempSync(join(tmpdir(), 'mayday-backup-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const newFile = (): string => {
  files += 1
  return join(folder, `${files}.backup`)
}

/** What JSON, SQL and lines of text could stumble over. */
const NASTY = 'a "quote", a \\u0000 that is text, \u2028 a separator\r\nlines, \t 日本語 🔥 $$ \\ {"end":'
/** More than JavaScript's numbers hold. */
const HUGE = '9007199254740993'

/** Two incidents, a delivery that waits, others that are done, jobs of every kind, one of them in the works. */
async function fill(database: Database): Promise<void> {
  const store = createStore(database)
  const queue = await startQueue({ database, log: silent })
  await store.installations.save({
    id: 11,
    account: 'acme',
    accountType: 'Organization',
    permissions: { issues: 'write' },
    createdAt: 1_000,
  })
  await store.repositories.save({
    id: 21,
    installation: 11,
    owner: 'acme',
    name: 'web',
    private: true,
    defaultBranch: 'main',
  })
  for (const number of [42, 43]) {
    const { incident } = await store.incidents.make({ installation: 11, repository: 21, number }, 1_000)
    const fact = {
      kind: 'noted',
      text: `${NASTY}${number}`,
      rank: 3,
      origin: 1,
      index: 0,
      by: 'ada',
    } as const
    await store.events.append(
      incident,
      [
        { ...fact, key: 'b', at: 500, n: 1 },
        { ...fact, key: 'a', at: 900, n: 2 },
      ],
      2_000,
    )
    const living = {
      state: 'written' as const,
      id: 7,
      nodeId: 'IC_7',
      url: NASTY,
      hash: null,
      text: NASTY,
      remade: null,
    }
    await store.refs.put({ incident, kind: 'living', key: '', number: null, body: living })
    await queue.sync({ key: `${incident}:sync-issue`, data: { incident }, group: '11', priority: 100 })
    await queue.perform({ key: 'late', data: { incident }, group: '11', afterSeconds: 86_400 })
  }
  await store.leases.acquire('denied', { now: 5_000, holdMs: 1, installation: 11 })
  await database.query(
    `insert into mayday.deliveries (guid, event, key, installation_id, payload, received_at, done_at)
     select 'guid-' || n, 'issues', '21#42', ${HUGE}, $1, $2::timestamptz, case when n > 1 then $2::timestamptz end from generate_series(1, 700) n`,
    [Buffer.from(JSON.stringify({ body: NASTY })), new Date('2026-01-02T03:04:05.678Z')],
  )
  await queue.receive(
    [1, 2, 3].map((n) => ({ key: '21#42', data: { guid: `guid-${n}`, text: NASTY }, group: '11' })),
  )
  await database.query(
    `update pgboss.job set state = 'active', retry_count = 3, data = jsonb_set(data, '{waits}', '2') where data ->> 'key' = '1:sync-issue'`,
  )
  await queue.stop({ timeoutMs: 0 })
}

const linesOf = (file: string): string[] => gunzipSync(readFileSync(file)).toString().trimEnd().split('\n')
/** Everything but when it was made; in a backup of what was restored the jobs are tried anew. */
const contentOf = (file: string): string[] =>
  linesOf(file)
    .slice(1, -1)
    .map((line) => line.replace(/("waits": ?)\d/, '$10'))
    .sort()

forEachBackend('a backup', (open, from) => {
  const file = newFile()

  beforeAll(async () => {
    const database = await open()
    await fill(database)
    await database.close()
  })

  test('is one private file that says what it holds', async () => {
    const { exit, out, err } = await said(['backup', file], at(from))
    expect({ exit, err }).toEqual({ exit: 0, err: [] })
    expect(out[0]).toBe(`${file} holds 2 incidents, 4 facts, 700 deliveries, 5 jobs that wait.`)
    expect(out[1]).toContain('No secrets are in it')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(JSON.parse(linesOf(file)[0] ?? '')).toMatchObject({ mayday: 'backup', format: 1 })
  })

  test('replaces no file', async () => {
    const before = readFileSync(file)
    const { exit, err } = await said(['backup', file], at(from))
    expect({ exit, err }).toEqual({
      exit: 1,
      err: [`${file} is there already: give the backup another name.`],
    })
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  forEachBackend('restored', (openRestored, to) => {
    test('is all there again and goes on, and is never written over what is there', async () => {
      const { exit, out, err } = await said(['restore', file], at(to))
      expect({ exit, err }).toEqual({ exit: 0, err: [] })
      expect(out[0]).toContain('2 incidents, 4 facts, 700 deliveries, 5 jobs that wait.')
      const again = newFile()
      await said(['backup', again], at(to))
      expect(contentOf(again)).toEqual(contentOf(file))

      const database = await openRestored()
      const worked = await workOff(database)
      expect(worked.inbox.map((job) => job.data)).toEqual(
        [1, 2, 3].map((n) => ({ guid: `guid-${n}`, text: NASTY })),
      )
      expect(worked.outbox.map(({ key, attempt }) => [key, attempt]).sort()).toEqual([
        ['1:sync-issue', 1],
        ['2:sync-issue', 1],
      ])
      const { incident } = await createStore(database).incidents.make(
        { installation: 11, repository: 21, number: 44 },
        9_000,
      )
      expect(incident).toBe(3)
      await database.close()

      const over = await said(['restore', file], at(to))
      expect(over.exit).toBe(1)
      expect(over.err[0]).toMatch(
        /^The database is not empty \(.*3 in incidents.*\), and nothing is ever restored over/,
      )
    })
  })
})

async function workOff(database: Database): Promise<{ inbox: Job[]; outbox: Job[] }> {
  const worked: { inbox: Job[]; outbox: Job[] } = { inbox: [], outbox: [] }
  const queue = await startQueue({ database, log: silent })
  await new Promise<void>((resolve) => {
    const keep = (jobs: Job[]) => async (job: Job) => {
      jobs.push(job)
      if (worked.inbox.length === 3 && worked.outbox.length === 2) resolve()
      return 'done' as const
    }
    void queue.work({ inbox: keep(worked.inbox), outbox: keep(worked.outbox), dead: async () => 'done' })
  })
  await queue.stop({ timeoutMs: 5_000 })
  return worked
}

onPglite('what is no whole backup', (open, place) => {
  const good = newFile()
  const withLines = (lines: string[]): string => {
    const file = newFile()
    const text = lines.map((line) => `${line}\n`).join('')
    const counts: Record<string, number> = {}
    for (const line of lines.slice(1)) {
      const table: string = JSON.parse(line).table
      counts[table] = (counts[table] ?? 0) + 1
    }
    const end = { end: { counts, sha256: createHash('sha256').update(text).digest('hex') } }
    writeFileSync(file, gzipSync(`${text}${JSON.stringify(end)}\n`))
    return file
  }
  const header = (changed: object): string =>
    JSON.stringify({
      mayday: 'backup',
      format: 1,
      version: '9.9.9',
      schema: 2,
      at: '2026-01-01T00:00:00Z',
      ...changed,
    })

  beforeAll(async () => {
    const database = await open()
    await saveBackup(database, good, { version: '1.0.0', now: 0 })
    await database.close()
  })

  test.each([
    ['is cut short', () => gzipSync(gunzipSync(readFileSync(good)).subarray(0, -10)), /damaged|not whole/],
    ['is cut in the compressed bytes', () => readFileSync(good).subarray(0, -12), /is not whole/],
    [
      'was changed',
      () => gzipSync(gunzipSync(readFileSync(good)).toString().replace('"1.0.0"', '"1.0.1"')),
      /checksum does not fit/,
    ],
    ['is something else', () => Buffer.from('PK'), /is damaged, or no backup/],
    ['is other JSON', () => gzipSync('{"a":1}\n'), /is no backup of Mayday/],
  ])('%s: refused', async (_, make, why) => {
    const file = newFile()
    writeFileSync(file, make())
    const { exit, err } = await said(['restore', file], at(place))
    expect({ exit, lines: err.length }).toEqual({ exit: 1, lines: 1 })
    expect(err[0]).toMatch(why)
  })

  test('is not there: refused', async () => {
    const { exit, err } = await said(['restore', join(folder, 'none')], at(place))
    expect({ exit, err }).toEqual({
      exit: 1,
      err: [`${join(folder, 'none')} cannot be read: there is no such file.`],
    })
  })

  test('is of a newer Mayday: refused', async () => {
    const schema = await said(['restore', withLines([header({ schema: 999 })])], at(place))
    expect(schema.err[0]).toMatch(/made by a newer Mayday \(9\.9\.9, schema 999; .* restore it with that one/)
    const format = await said(['restore', withLines([header({ format: 2 })])], at(place))
    expect(format.err[0]).toMatch(/made by a newer Mayday \(9\.9\.9, format 2\): restore it with that one/)
  })

  test('breaks in the middle: nothing stays', async () => {
    const row = {
      id: 1,
      installation_id: 1,
      repository_id: 1,
      number: 1,
      created_at: '2026-01-01',
      live: false,
    }
    const broken = withLines([
      header({}),
      JSON.stringify({ table: 'incidents', row }),
      JSON.stringify({ table: 'incidents', row: { ...row, number: 'x' } }),
    ])
    await expect(said(['restore', broken], at(place))).rejects.toThrow()
    const { exit, err } = await said(['restore', good], at(place))
    expect({ exit, err }).toEqual({ exit: 0, err: [] })
  })
})

onPglite('a backup of an older schema', (open, place) => {
  test('is brought up to date', async () => {
    const file = newFile()
    const old = await open()
    await migrateTo(old, 2)
    await old.query(
      `insert into mayday.incidents (installation_id, repository_id, number, created_at) values (11, 21, 42, $1)`,
      [new Date(0)],
    )
    await old.query(`insert into mayday.syncs (key, wanted, done) values ('1:sync-issue', 1, 1)`)
    await saveBackup(old, file, { version: '0.0.1', now: 0 })
    await old.query('delete from mayday.incidents; delete from mayday.syncs')
    await migrateTo(old, 2)
    await old.close()

    expect(await said(['restore', file], at(place))).toMatchObject({ exit: 0, err: [] })
    const database = await open()
    expect(await database.query('select key, job_group from mayday.syncs')).toEqual([
      { key: '1:sync-issue', job_group: '11' },
    ])
    await database.close()
  })
})

describe('beside a running Mayday', () => {
  forEachBackend('a restore', (open, place) => {
    test('is refused', async () => {
      const file = newFile()
      const database = await open()
      await database.query('select 1')
      try {
        await saveBackup(database, file, { version: '1.0.0', now: 0 })
        const { exit, err } = await said(['restore', file], at(place))
        expect(exit).toBe(1)
        expect(err[0]).toMatch(/Another process .* works on|Mayday is at work on this database/)
      } finally {
        await database.close()
      }
    })

    test.runIf(place.databaseUrl)('waits for one that has just been stopped', async () => {
      const file = newFile()
      const database = await open()
      await database.query('select 1')
      await saveBackup(database, file, { version: '1.0.0', now: 0 })
      const restoring = said(['restore', file], at(place))
      const shown = `select pid from pg_stat_activity where datname = current_database() and application_name = 'mayday'`
      await vi.waitFor(async () => expect((await database.query(shown)).length).toBeGreaterThan(1))
      await database.close()
      expect(await restoring).toMatchObject({ exit: 0, err: [] })
    })
  })
})
