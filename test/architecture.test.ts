// The walls of the house: who may import whom, who reads the environment, and what must not be there at all.
import { describe, expect, it } from 'vitest'
import { HEARD } from '../src/door/app.ts'
import { readManifest } from '../src/setup/manifest.ts'
import { filesUnder, importsOf, read, resolved } from './imports.ts'
import { circlesOf, crowdedFolders } from './layout.ts'

/** `types`: rooms from which nothing but types may come. `rooms` includes what a room takes values from. */
type Arrows = { rooms?: readonly string[]; types?: readonly string[]; packages?: readonly string[] }

/** A room is a folder of `src`, or a file that stands beside them. Every room has a line; `node:` stands for all of Node. */
const ARROWS: { readonly [room: string]: Arrows } = {
  backup: { rooms: ['database', 'queue'], types: ['log'], packages: ['node:', 'pg-boss'] },
  calendar: { rooms: ['incident/policy'], packages: ['luxon'] },
  cli: {
    rooms: [
      'backup',
      'config',
      'database',
      'door',
      'github/app',
      'github/board',
      'github/client',
      'github/history',
      'github/webhook',
      'log',
      'purge',
      'queue',
      'setup',
      'shell',
      'store',
      'templates',
    ],
    types: ['incident/policy'],
    packages: ['node:'],
  },
  command: {
    rooms: ['command/arguments', 'incident', 'incident/base', 'incident/policy'],
    types: ['incident/fold'],
  },
  'command/arguments': { rooms: ['incident/policy'] },
  'command/comment': { rooms: ['command/arguments', 'command/table'], types: ['command'] },
  'command/table': {
    rooms: ['command', 'incident/policy'],
    types: ['command/arguments', 'incident/base', 'incident/fold'],
  },
  config: { rooms: ['incident/policy'], packages: ['node:', 'yaml', 'zod'] },
  database: { types: ['log'], packages: ['@electric-sql/pglite', 'node:', 'pg', 'pg-boss'] },
  door: {
    rooms: ['store'],
    types: ['github/webhook', 'log', 'metrics', 'queue'],
    packages: ['@octokit/webhooks-methods', 'node:', 'probot'],
  },
  'github/app': { rooms: ['github/client'], packages: ['zod'] },
  'github/board': { rooms: ['github/client', 'github/issues'] },
  'github/client': { packages: ['@octokit/auth-app', '@octokit/graphql', '@octokit/rest'] },
  'github/code': { rooms: ['github/client', 'github/issues'] },
  'github/history': { rooms: ['github/client'] },
  'github/issues': { rooms: ['command/comment', 'github/client'], packages: ['node:'] },
  'github/webhook': {
    rooms: ['command/comment', 'incident/base', 'incident/policy', 'incident/timeline'],
    types: ['incident/fold'],
    packages: ['zod'],
  },
  heal: {
    rooms: [
      'command/comment',
      'github/app',
      'github/client',
      'github/history',
      'github/webhook',
      'purge',
      'shell',
      'texts/review',
    ],
    types: ['door', 'queue', 'store'],
  },
  incident: { rooms: ['incident/base', 'incident/policy'], types: ['incident/fold'] },
  'incident/base': { types: ['incident/fold'] },
  'incident/clock': {
    rooms: ['incident', 'incident/base', 'incident/policy', 'incident/timeline'],
    types: ['incident/fold'],
  },
  'incident/fold': { rooms: ['incident', 'incident/base', 'incident/clock'] },
  'incident/policy': {},
  'incident/react': {
    rooms: ['incident', 'incident/base', 'incident/clock', 'incident/policy'],
    types: ['incident/fold'],
  },
  'incident/timeline': { rooms: ['incident/base', 'incident/policy'], types: ['incident/fold'] },
  log: { packages: ['pino', 'pino-pretty'] },
  main: { rooms: ['config', 'start'] },
  markdown: {},
  metrics: { packages: ['prom-client'] },
  notify: { types: ['incident', 'incident/policy'] },
  perform: {
    rooms: [
      'github/app',
      'github/board',
      'github/client',
      'github/code',
      'github/issues',
      'github/webhook',
      'incident',
      'incident/base',
      'incident/clock',
      'incident/policy',
      'incident/react',
      'incident/timeline',
      'markdown',
      'notify',
      'shell',
      'texts',
      'texts/living',
      'texts/notice',
      'texts/review',
    ],
    types: ['incident/fold', 'queue', 'store'],
  },
  purge: { rooms: ['queue'], types: ['database', 'store'] },
  queue: { rooms: ['database'], types: ['log'], packages: ['node:', 'pg-boss'] },
  receive: {
    rooms: [
      'command',
      'command/comment',
      'command/table',
      'github/app',
      'github/client',
      'github/history',
      'github/issues',
      'github/webhook',
      'incident/base',
      'incident/clock',
      'incident/fold',
      'markdown',
      'shell',
      'store',
      'texts/review',
    ],
    types: ['command/arguments', 'incident', 'incident/policy', 'queue'],
    packages: ['zod'],
  },
  setup: { rooms: ['config', 'door'], types: ['log'], packages: ['node:', 'yaml', 'zod'] },
  shell: {
    rooms: [
      'calendar',
      'config',
      'github/app',
      'github/client',
      'github/code',
      'incident/base',
      'incident/clock',
      'incident/fold',
      'incident/react',
      'incident/timeline',
      'notify',
      'store',
    ],
    types: [
      'command/comment',
      'database',
      'github/board',
      'github/issues',
      'github/webhook',
      'incident/policy',
      'log',
      'queue',
      'templates',
    ],
  },
  start: {
    rooms: [
      'database',
      'door',
      'github/client',
      'github/webhook',
      'heal',
      'log',
      'metrics',
      'perform',
      'queue',
      'receive',
      'setup',
      'shell',
      'store',
      'templates',
    ],
    types: ['config'],
  },
  store: { types: ['database', 'incident/fold', 'incident/policy'], packages: ['node:'] },
  templates: {
    rooms: ['incident/policy', 'incident/timeline', 'markdown'],
    packages: ['handlebars', 'node:'],
  },
  texts: {
    rooms: [
      'command/table',
      'incident',
      'incident/clock',
      'incident/policy',
      'incident/timeline',
      'markdown',
    ],
    types: [
      'command',
      'github/issues',
      'incident/fold',
      'incident/react',
      'shell',
      'store',
      'templates',
      'texts/notice',
    ],
    packages: ['yaml'],
  },
  'texts/living': {
    rooms: ['incident/base', 'incident/clock', 'incident/timeline', 'markdown', 'texts'],
    types: ['incident/fold', 'incident/policy'],
  },
  'texts/notice': {
    rooms: ['incident', 'incident/clock', 'incident/timeline', 'markdown', 'shell', 'texts', 'texts/review'],
    types: ['incident/fold', 'incident/policy', 'incident/react'],
  },
  'texts/review': {
    rooms: [
      'command/arguments',
      'command/comment',
      'github/issues',
      'incident/clock',
      'incident/policy',
      'incident/timeline',
      'markdown',
      'shell',
      'texts',
      'texts/living',
    ],
    types: ['incident', 'incident/fold'],
  },
}

/** The programs: they alone read the environment, and hand it to config/env.ts. */
const PROGRAMS = ['src/main.ts', 'src/cli.ts']

const all = filesUnder('.')
const ours = all.filter((path) => /^src\/.*\.ts$/.test(path))
const roomOf = (path: string): string => {
  const [, ...parts] = path.split('/')
  return parts.slice(0, -1).join('/') || (parts[0] ?? '').replace(/\.ts$/, '')
}
const packageOf = (from: string): string =>
  from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/')

/** The files of `paths` whose text matches, each with its line: what a failure should show. */
function findings(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
  )
}

/** What a file imports against the arrows. */
function trespasses(path: string, source = read(path)): string[] {
  const room = roomOf(path)
  const arrows = ARROWS[room]
  if (!arrows) return [`${path}: the room ${room} has no line in ARROWS`]
  return importsOf(source).flatMap(({ from, typesOnly }) => {
    if (!from.startsWith('.')) {
      const allowed = arrows.packages ?? []
      const isOf = (one: string) => (one === 'node:' ? from.startsWith(one) : packageOf(from) === one)
      return allowed.some(isOf) ? [] : [`${path} imports ${from}`]
    }
    const to = roomOf(resolved(path, from))
    if (to === room || arrows.rooms?.includes(to)) return []
    if (arrows.types?.includes(to)) return typesOnly ? [] : [`${path} imports more than types from ${from}`]
    return [`${path} imports ${from}`]
  })
}

describe('imports', () => {
  it('are read from all forms that we write', () => {
    const source = [
      "import { a } from './a.ts'",
      "import type { B } from 'b'",
      "import {\n  type C,\n  type D,\n} from '@c/d/e'",
      "import E, { type F } from 'node:e'",
      "export { g } from './g.ts'",
      "import './h.ts'",
      "const i = await import('i')",
    ].join('\n')
    expect(importsOf(source)).toEqual([
      { from: './a.ts', typesOnly: false },
      { from: 'b', typesOnly: true },
      { from: '@c/d/e', typesOnly: true },
      { from: 'node:e', typesOnly: false },
      { from: './g.ts', typesOnly: false },
      { from: './h.ts', typesOnly: false },
      { from: 'i', typesOnly: false },
    ])
  })

  it('follow the arrows', () => {
    expect(ours.length).toBeGreaterThan(50)
    expect(ours.flatMap((path) => trespasses(path))).toEqual([])
  })

  it.each([
    ['src/incident/clock/clock.ts', "import { readFileSync } from 'node:fs'"],
    ['src/incident/clock/clock.ts', "import type { Store } from '../../store/store.ts'"],
    ['src/github/issues/issues.ts', "import { createStore } from '../../store/store.ts'"],
    ['src/store/store.ts', "import { fold } from '../incident/fold/incident.ts'"],
    ['src/perform/say.ts', "import { Octokit } from '@octokit/rest'"],
    ['src/metrics.ts', "import { x } from './perform/say.ts'"],
    ['src/new-room.ts', ''],
  ])('stop %s from %s', (path, source) => {
    expect(trespasses(path, source)).toHaveLength(1)
  })

  it('have no arrow for a room that is gone', () => {
    const rooms = new Set(ours.map(roomOf))
    expect(Object.keys(ARROWS).filter((room) => !rooms.has(room))).toEqual([])
  })

  it('bring Octokit into github/client.ts alone', () => {
    const importers = ours.filter((path) =>
      importsOf(read(path)).some(
        ({ from, typesOnly }) => !typesOnly && /^@octokit\/(rest|graphql|auth-app)$/.test(from),
      ),
    )
    expect(importers).toEqual(['src/github/client/client.ts'])
  })
})

describe('the layout', () => {
  it('is told of crowded folders and of circles (npm run layout)', () => {
    expect(crowdedFolders(['src/a/b.ts', 'src/a/c.ts', 'src/d.ts'], 1)).toEqual(['src/a: 2 files'])
    const graph = new Map([
      ['a', ['b', 'x']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', ['a', 'd']],
    ])
    expect(circlesOf(graph)).toEqual(['a → b → c → a', 'd → d'])
  })
})

describe('the core', () => {
  it('has no clock, no log, no wait and no chance', () => {
    const core = ours.filter((path) => path.startsWith('src/incident/') || path.startsWith('src/command/'))
    expect(core.length).toBeGreaterThan(10)
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bconsole\.|\bprocess\.|\bMath\.random\b|\bset(Timeout|Interval|Immediate)\b|\basync\b|\bawait\b|\bfetch\(/
    expect(findings(core, impure)).toEqual([])
  })
})

describe('the process', () => {
  it('reads its environment in the programs alone, through config/env.ts', () => {
    const readers = ours.filter((path) => /\bprocess\.env\b|\benv\s*\}\s*=\s*process\b/.test(read(path)))
    expect(readers.filter((path) => !PROGRAMS.includes(path))).toEqual([])
    for (const path of readers) expect(read(path)).toMatch(/readEnvironment\(/)
  })

  it('has one clock: our SQL is told the time', () => {
    const sql = all.filter((path) => /^src\/(migrations|queue|database|store|backup)\//.test(path))
    const clock =
      /(?<![.\w])now\s*\(\s*\)|\b(current_(timestamp|date|time)|localtime(stamp)?)\b|\b(clock|statement|transaction)_timestamp\b/i
    expect(sql.length).toBeGreaterThan(15)
    expect(findings(sql, clock)).toEqual([])
  })
})

describe('webhooks', () => {
  it('are heard as app.yml subscribes to them, with the events about installations that GitHub always sends', () => {
    const unasked = ['installation', 'installation_repositories']
    const { default_events } = readManifest()
    expect([...HEARD].sort()).toEqual([...default_events, ...unasked].sort())
  })

  it('never need the permissions that could change the rules', () => {
    const asked = Object.keys(readManifest().default_permissions)
    expect(asked.filter((name) => ['workflows', 'administration', 'secrets'].includes(name))).toEqual([])
  })
})

describe('templates', () => {
  const builtIn = all.flatMap((path) => /^templates\/(.+)\.md\.hbs$/.exec(path)?.[1] ?? [])
  const views = read('src/texts/views.ts') + read('src/texts/notice/views.ts')
  const bodyOf = (type: string): string =>
    new RegExp(`export type ${type} = [^{]*\\{(.*?)\\n\\}`, 's').exec(views)?.[1] ?? ''
  const named = new Set(
    ['Views', 'NoticeViews'].flatMap((type) =>
      [...bodyOf(type).matchAll(/^ {2}'?([\w-]+)'?: /gm)].flatMap(([, name]) => name ?? []),
    ),
  )

  it('are all there', () => {
    expect([...named].filter((name) => !builtIn.includes(name))).toEqual([])
  })

  it('are all used', () => {
    expect(builtIn.filter((name) => !named.has(name))).toEqual([])
  })

  it('are filled in texts/render.ts alone, where their names are typed', () => {
    const fillers = ours.filter((path) => /templates\.render\(/.test(read(path)))
    expect(fillers).toEqual(['src/texts/render.ts'])
  })

  it('are alone in their folder', () => {
    expect(all.filter((path) => path.startsWith('templates/') && !path.endsWith('.md.hbs'))).toEqual([])
  })
})

describe('names', () => {
  const written = all.filter((path) => /^(src|test|bench|docs|examples)\//.test(path))

  it('say what is in a folder or a file', () => {
    const empty =
      /^(utils?|helpers?|services?|managers?|common|misc|lib|types|index)(\.test)?(\.(ts|js|md))?$/i
    const called = written.filter((path) =>
      path
        .split('/')
        .slice(1)
        .some((part) => empty.test(part)),
    )
    expect(called).toEqual([])
  })
})

describe('the repository', () => {
  const text = all.filter((path) => /\.(ts|js|css|md|hbs|yml|yaml|json|sql|graphql)$|Dockerfile$/.test(path))

  it('replaces no module in its tests: fakes are values that are passed in', () => {
    const replaced = new RegExp(`\\bvi\\.(${['mock', 'doMock', 'hoisted'].join('|')})\\(`)
    expect(
      findings(
        text.filter((path) => path.startsWith('test/')),
        replaced,
      ),
    ).toEqual([])
  })

  it('speaks of nothing outside itself', () => {
    // In pieces, or this line would find itself.
    const outside = new RegExp(`(?<![\\w.-])(${'shared'}|/${'work'})/`)
    const ownWords = text.filter((path) => path !== 'package-lock.json')
    expect(findings(ownWords, outside)).toEqual([])
  })
})
