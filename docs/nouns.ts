// The tables of addresses: for each noun and each clock its files. They throw where a file is gone or has no line here.
import { existsSync, readdirSync } from 'node:fs'

const ROOT = new URL('..', import.meta.url)
const isThere = (path: string): boolean => existsSync(new URL(path, ROOT))

/** Where the words of a noun stand, and the tests that are its own; every noun is also in those that all share. */
type Addresses = { shown: readonly string[]; tests: readonly string[] }

const INCIDENT = 'test/incident'
const STORIES = 'test/stories'

const NOUNS: { readonly [noun: string]: Addresses } = {
  answer: { shown: ['help', 'summary'], tests: [`${STORIES}/talk`] },
  cause: { shown: ['entry', 'living'], tests: [`${INCIDENT}/life`, `${STORIES}/talk`] },
  declaration: { shown: ['entry', 'ask-accept'], tests: [`${INCIDENT}/life`, `${STORIES}/declare`] },
  entry: { shown: ['entry', 'continuation'], tests: [`${INCIDENT}/life`, `${STORIES}/talk`] },
  hotfix: { shown: ['entry', 'hotfix', 'hotfix-refused', 'record'], tests: [`${STORIES}/hotfix`] },
  item: {
    shown: ['entry', 'item', 'ask-item', 'more-items', 'reminder'],
    tests: [`${INCIDENT}/review-state`, 'test/command/action-line', `${STORIES}/review`],
  },
  milestone: { shown: ['entry', 'living'], tests: [`${INCIDENT}/life`, `${INCIDENT}/record`] },
  note: { shown: ['entry'], tests: [`${INCIDENT}/timeline`, `${STORIES}/talk`] },
  people: { shown: ['entry', 'page'], tests: [`${INCIDENT}/life`, `${STORIES}/calls`] },
  relation: { shown: ['entry'], tests: [`${INCIDENT}/life`, `${STORIES}/life`] },
  review: {
    shown: ['entry', 'review', 'review-incomplete'],
    tests: [`${INCIDENT}/review`, `${INCIDENT}/review-state`, `${STORIES}/review`],
  },
  scope: { shown: ['entry', 'living'], tests: [`${STORIES}/living`, `${STORIES}/talk`] },
  severity: { shown: ['entry', 'change', 'ask-severity', 'label'], tests: [`${INCIDENT}/life`] },
  status: {
    shown: ['entry', 'change', 'ask-reopen', 'label'],
    tests: [`${INCIDENT}/life`, `${STORIES}/life`],
  },
  update: { shown: ['entry', 'living'], tests: [`${INCIDENT}/clock`, `${STORIES}/clocks`] },
}

const CLOCKS: { readonly [clock: string]: { asks: string; shown: string } } = {
  deadline: { asks: 'a deadline of the law begins or ends', shown: 'deadline' },
  escalation: { asks: 'nobody acknowledged, or an update is long overdue', shown: 'escalation' },
  external: { asks: 'the first public word is due', shown: 'nudge-external' },
  handover: { asks: 'somebody has led for long', shown: 'nudge-handover' },
  lead: { asks: 'nobody leads', shown: 'nudge-lead' },
  quiet: { asks: 'nothing has happened for a day', shown: 'nudge-quiet' },
  reminder: { asks: 'an action item is due', shown: 'reminder' },
  update: { asks: 'an update is due', shown: 'nudge-update' },
}

/** Files of `src/incident/clock` that all clocks share. */
const SHARED_CLOCKS = ['clock', 'nudge', 'nudges', 'running']
/** Templates of no noun: what is told of GitHub's refusal and of Mayday's own. */
const SHARED_TEMPLATES = ['dead-letter', 'refusal']

export function nounsTable(): string {
  const found = [...new Set([...filesIn('src/command'), ...filesIn('src/incident')])].filter(
    (name) => name !== 'row',
  )
  complain(found, Object.keys(NOUNS), 'docs/nouns.ts: the nouns')
  const shown = [
    ...Object.values(NOUNS).flatMap((noun) => noun.shown),
    ...Object.values(CLOCKS).map((clock) => clock.shown),
  ]
  complain(filesIn('templates'), [...shown, ...SHARED_TEMPLATES], 'docs/nouns.ts: the templates')
  const lines = Object.entries(NOUNS).map(([noun, addresses]) => {
    const { tests } = addresses
    return row([
      noun,
      optional(`src/command/${noun}.ts`),
      optional(`src/incident/${noun}.ts`),
      addresses.shown.map(template).join(' '),
      tests.map((path) => link(`${path}.test.ts`)).join(' '),
    ])
  })
  return [
    row(['noun', 'what people write', 'what is true of it', 'how it is shown', 'its tests']),
    RULE(5),
    ...lines,
  ].join('\n')
}

export function clocksTable(): string {
  const found = filesIn('src/incident/clock').filter((name) => !SHARED_CLOCKS.includes(name))
  complain(found, Object.keys(CLOCKS), 'docs/nouns.ts: the clocks')
  const lines = Object.entries(CLOCKS).map(([clock, { asks, shown }]) =>
    row([asks, link(`src/incident/clock/${clock}.ts`), template(shown)]),
  )
  return [row(['speaks when', 'decided in', 'how it is shown']), RULE(3), ...lines].join('\n')
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const RULE = (columns: number): string => row(Array.from({ length: columns }, () => '---'))

function link(path: string): string {
  if (!isThere(path)) throw new Error(`docs/nouns.ts: there is no ${path}`)
  const name = path
    .split('/')
    .slice(1)
    .join('/')
    .replace(/(\.test)?\.ts$/, '')
  return `[${name}](../${path})`
}

const optional = (path: string): string => (isThere(path) ? link(path) : '')
const template = (name: string): string => `[${name}](../templates/${name}.md.hbs)`

const filesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, ROOT)).flatMap((file) => /^([\w-]+)\.(?:ts|md\.hbs)$/.exec(file)?.[1] ?? [])

/** Throws unless both name the same. */
function complain(found: readonly string[], named: readonly string[], what: string): void {
  const odd = [
    ...found.filter((name) => !named.includes(name)),
    ...named.filter((name) => !found.includes(name)),
  ]
  if (odd.length > 0) throw new Error(`${what} do not agree with the files: ${[...new Set(odd)].join(', ')}`)
}
