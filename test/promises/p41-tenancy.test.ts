// P41: What one account has, no other reads, writes or loses, however alike their names and numbers; purged, nothing of it is left, and all of the others'.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Database } from '../../src/database/database.ts'
import { purgeInstallations } from '../../src/purge.ts'
import { startQueue } from '../../src/queue/queue.ts'
import { createStore, type Store } from '../../src/store/store.ts'
import { said } from '../cli/said.ts'
import { onOneBackend, silent } from '../database/backends.ts'
import type { Repository } from '../sandbox/world/world.ts'
import { stories } from '../stories/story.ts'
import { sized } from './size.ts'

/** Every row of every table, ours and the queue's, as text. */
async function everything(database: Database): Promise<string[]> {
  const tables = await database.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_schema IN ('mayday', 'pgboss') AND table_type = 'BASE TABLE' ORDER BY 1`,
  )
  const rows: string[] = []
  for (const { name } of tables) {
    const found = await database.query<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM ${name} t`)
    rows.push(...found.map(({ row }) => `${name} ${row}`))
  }
  return rows.sort()
}

/** The rows that name one of these: ids that occur nowhere else, or words. */
const naming = (rows: readonly string[], tokens: readonly (string | number)[]): string[] => {
  const pattern = new RegExp(`(?<![\\w.])(${tokens.join('|')})(?!\\w)`)
  return rows.filter((row) => pattern.test(row))
}

/** Incidents get numbers that cannot be taken for anything else. */
const numberFrom = (database: Database, first: number): Promise<unknown> =>
  database.query(`SELECT setval(pg_get_serial_sequence('mayday.incidents', 'id'), $1)`, [first])

type Tenant = { installation: number; repository: number; account: string }
const TENANTS: readonly [Tenant, Tenant] = [
  { installation: 7_100_001, repository: 7_100_002, account: 'amber' },
  { installation: 8_200_001, repository: 8_200_002, account: 'birch' },
]

/** Things that happen to one account; both do the same, under the same names and numbers. */
const ACTS = [
  'incident',
  'fact',
  'ref',
  'item',
  'remind',
  'tell',
  'delivery',
  'sync',
  'perform',
  'dead',
] as const
type Act = { who: 0 | 1; act: (typeof ACTS)[number]; number: number }
type Desk = { database: Database; store: Store; queue: Awaited<ReturnType<typeof startQueue>> }

async function begin({ store }: Desk, { installation, repository, account }: Tenant): Promise<void> {
  await store.installations.save({
    id: installation,
    account,
    accountType: 'Organization',
    permissions: {},
    createdAt: 0,
  })
  const seen = { installation, owner: account, name: 'web', private: true, defaultBranch: 'main' }
  await store.repositories.save({ ...seen, id: repository })
}

async function happen({ database, store, queue }: Desk, tenant: Tenant, { act, number }: Act): Promise<void> {
  const { installation, repository, account } = tenant
  const group = String(installation)
  const { incident } = await store.incidents.make({ installation, repository, number }, 1_000)
  switch (act) {
    case 'fact':
      return store.events.append(
        incident,
        [
          {
            kind: 'noted',
            text: account,
            key: `k${number}`,
            at: 1,
            n: 1,
            rank: 3,
            origin: 1,
            index: 0,
            by: 'ada',
          },
        ],
        2_000,
      )
    case 'ref':
      return store.refs.put({
        ...{ incident, kind: 'review', key: '', repository, number },
        body: { nodeId: '', url: '', given: account, assignee: null },
      })
    case 'item':
      return store.items.save({
        incident,
        key: 'a1',
        installation,
        repository,
        number,
        owner: 'ada',
        due: '2026-01-01',
        priority: null,
        text: account,
        state: 'open',
        services: [],
        snoozedUntil: null,
      })
    case 'remind':
      return store.reminders.save({ installation, owner: 'ada', date: '2026-01-01', comment: number })
    case 'tell':
      await store.leases.acquire(`denied:${repository}#${number}`, { now: 1_000, holdMs: 0, installation })
      return
    case 'delivery': {
      const guid = `${account}-${number}`
      await database.query(
        `insert into mayday.deliveries (guid, event, key, installation_id, repository_id, payload, received_at)
         values ($1, 'issues', $2, $3, $4, '{}', $5) on conflict do nothing`,
        [guid, `${repository}#${number}`, installation, repository, new Date(0)],
      )
      return queue.receive([{ key: `${repository}#${number}`, data: { guid }, group }])
    }
    case 'sync':
      return queue.sync({ key: `${incident}:sync-issue`, data: { incident }, group })
    case 'perform':
      return queue.perform({ key: `answer:${number}`, data: { account }, group, afterSeconds: 60 })
    default:
  }
}

/** All that the store tells one account. */
async function readBy(store: Store, { installation, repository }: Tenant): Promise<string> {
  const incidents = await Promise.all([1, 2].map((number) => store.incidents.at(repository, number)))
  const inner = incidents.flatMap((target) => target ?? [])
  return JSON.stringify([
    inner,
    await Promise.all(inner.map(({ incident }) => store.events.of(incident))),
    await Promise.all(inner.map(({ incident }) => store.refs.of(incident))),
    await Promise.all([1, 2].map((number) => store.refs.at(repository, number))),
    await store.incidents.open(installation),
    await store.incidents.names(repository),
    await store.items.owedBy(installation, 'ada'),
    await store.items.open(repository),
    await store.repositories.get(repository),
    await store.installations.account(installation),
  ])
}

onOneBackend('two accounts that are alike in everything', (open) => {
  test('never meet, and the purge of one takes all of it and nothing else', async () => {
    const database = await open()
    const desk = {
      database,
      store: createStore(database),
      queue: await startQueue({ database, log: silent }),
    }
    await numberFrom(database, 5_500_000)
    const acts = fc.array(
      fc.record({ who: fc.constantFrom(0, 1), act: fc.constantFrom(...ACTS), number: fc.constantFrom(1, 2) }),
      { minLength: 4, maxLength: 30 },
    )
    await fc.assert(
      fc.asyncProperty(acts, fc.constantFrom(0, 1), async (done, gone) => {
        for (const tenant of TENANTS) await begin(desk, tenant)
        for (const act of done) await happen(desk, TENANTS[act.who], act)
        const [left, purged] = [TENANTS[gone === 0 ? 1 : 0], TENANTS[gone]]
        for (const [one, other] of [
          [left, purged],
          [purged, left],
        ] as const)
          expect(naming([await readBy(desk.store, one)], Object.values(other))).toEqual([])

        const ofPurged = await incidentsOf(database, purged)
        const before = naming(await everything(database), [
          ...Object.values(left),
          ...(await incidentsOf(database, left)),
        ])
        await purgeInstallations(desk, [purged.installation])
        const after = await everything(database)
        expect(naming(after, [...Object.values(purged), ...ofPurged])).toEqual([])
        expect(naming(after, [...Object.values(left), ...(await incidentsOf(database, left))])).toEqual(
          before,
        )
        await purgeInstallations(desk, [left.installation])
        expect(await database.query('select 1 from mayday.inbox_lines')).toEqual([])
      }),
      { numRuns: sized({ suite: 6, soak: 100 }) },
    )
    await desk.queue.stop({ timeoutMs: 0 })
    await database.close()
  })
})

async function incidentsOf(database: Database, { installation }: Tenant): Promise<number[]> {
  const rows = await database.query<{ id: number }>(
    'select id from mayday.incidents where installation_id = $1',
    [installation],
  )
  return rows.map(({ id }) => id)
}

stories('two accounts with the same repository', (story) => {
  const INCIDENTS = { acme: 6_600_000, globex: 7_700_000 }
  const repository = (owner: string, name = 'twin'): Repository =>
    story.sandbox.repository(`${owner}/${name}`)
  const database = () => story.shell().database

  /** The same incident, under the same number, from its label to its review, with the same people. */
  async function incident(owner: 'acme' | 'globex', name = 'twin'): Promise<void> {
    await numberFrom(database(), INCIDENTS[owner])
    INCIDENTS[owner] += 1_000
    const opened = await story.opens('ada', `Trouble of ${owner}`, { repo: repository(owner, name) })
    for (const words of [
      '/declare P1',
      `/note seen-by-${owner}-${name}`,
      '/hotfix',
      '/resolve',
      `/action @cy fix-of-${owner}`,
    ])
      await story.says('ada', words, opened)
    await story.says('zoe', '/ack', opened)
  }

  const commentsOf = (owner: string, name = 'twin'): string =>
    JSON.stringify(
      story
        .issues(repository(owner, name))
        .map(({ title, body, comments }) => [title, body, comments.map((one) => one.body)]),
    )

  test('each sees its own alone', async () => {
    const { sandbox } = story
    sandbox
      .addAccount({ login: 'globex', kind: 'Organization' })
      .members.set(sandbox.as('dee').account, 'admin')
    const people = { ada: 'write', cy: 'write', dee: 'admin' } as const
    for (const owner of ['acme', 'globex']) sandbox.addRepository({ owner, name: 'twin', people })
    sandbox.addRepository({ owner: 'acme', name: 'moves', people })
    await story.when(() => sandbox.installations.install('globex'))
    for (const owner of ['acme', 'globex'] as const) await incident(owner)
    expect(commentsOf('acme')).toContain('fix-of-acme')
    expect(commentsOf('globex')).toContain('fix-of-globex')
    expect(commentsOf('acme')).not.toContain('globex')
    expect(commentsOf('globex')).not.toContain('acme')
  })

  test('a card of one account moves nothing of another', async () => {
    const [issue] = story.issues(repository('globex'))
    const [ref] = await database().query<{ key: string }>(
      `select key from mayday.refs where kind = 'node' and body ->> 'what' = 'incident' and incident_id > 7700000`,
    )
    if (!issue || !ref) throw new Error('globex has no incident')
    expect(
      await story.shell().store.refs.ofNode(ref.key, story.sandbox.installations.of('acme').id),
    ).toBeNull()
    expect(
      await story.shell().store.refs.ofNode(ref.key, story.sandbox.installations.of('globex').id),
    ).not.toBeNull()
  })

  test('what moves to another account belongs to it, whatever the former one is told', async () => {
    const { sandbox } = story
    await incident('acme', 'moves')
    const moves = repository('acme', 'moves')
    const [issue] = story.issues(moves)
    if (!issue) throw new Error('nothing was declared')
    sandbox.chaos({ lose: 1 })
    await story.when(() => sandbox.as('ada').comment(issue, '/note Said before the move'))
    const late = sandbox.deliveries.at(-1)
    sandbox.chaos({})
    await story.when(() => sandbox.transfer(moves, 'globex'))
    if (late) await story.when(() => sandbox.redeliver(late))
    expect(story.living(issue)).toContain('Said before the move')
    const [row] = await database().query('select removed_at from mayday.repositories where id = $1', [
      moves.id,
    ])
    expect(row).toEqual({ removed_at: null })
    await story.when(() => sandbox.rename(moves, 'moved'))
    const stored = await story.shell().store.repositories.get(moves.id)
    expect(stored).toMatchObject({
      owner: 'globex',
      name: 'moved',
      installation: sandbox.installations.of('globex').id,
    })
    const rows = await database().query<{ installation_id: number }>(
      'select installation_id from mayday.incidents where repository_id = $1 union select installation_id from mayday.items where repository_id = $1',
      [moves.id],
    )
    expect(rows).toEqual([{ installation_id: sandbox.installations.of('globex').id }])
  })

  test('thirty days after the app was removed nothing of the account is left, and all of the other', async () => {
    const { sandbox } = story
    const former = sandbox.installations.of('acme').id
    const others = [
      sandbox.installations.of('globex').id,
      repository('globex').id,
      'seen-by-globex-twin',
      '77\\d{5}',
      '6601\\d{3}',
    ]
    await story.when(() => sandbox.installations.uninstall(sandbox.installations.of('acme')))
    await story.clock.skip('29d')
    await story.quiet()
    await story.heals()
    expect(naming(await everything(database()), [former]).length).toBeGreaterThan(10)
    await story.clock.skip('2d')
    await story.quiet()
    const before = naming(await contentOnly(), others)
    await story.heals()
    const after = await everything(database())
    const ofFormer = [former, repository('acme').id, 'acme/twin', 'seen-by-acme-twin', '6600\\d{3}']
    expect(naming(after, ofFormer)).toEqual([])
    expect(naming(await contentOnly(), others)).toEqual(before)
  })

  test('purged by hand, the other goes at once', async () => {
    const { dataDir, databaseUrl } = story.place
    const where = { DATA_DIR: dataDir, ...(databaseUrl && { DATABASE_URL: databaseUrl }) }
    const id = story.sandbox.installations.of('globex').id
    await story.stop()
    const wrong = await said(['purge', 'Globex'], where)
    expect(wrong).toMatchObject({ exit: 1, out: [] })
    const { exit, out, err } = await said(['purge', 'globex'], where)
    expect({ exit, err }).toEqual({ exit: 0, err: [] })
    expect(out[0]).toMatch(/^Deleted of globex: \d+ events, .* 2 incidents, .* 1 installations/)
    expect(out[1]).toContain('The app is still on globex (1 installation)')
    await story.start()
    expect(naming(await everything(database()), [id, repository('globex').id, 'globex', '77\\d{5}'])).toEqual(
      [],
    )
  })

  /** What there is to lose; when it was last looked after moves on. */
  const contentOnly = async () =>
    (await everything(database())).filter((row) => /^mayday\.(incidents|events|refs|items) /.test(row))
})
