// P29: Nobody does on Mayday what GitHub does not let them: asked of GitHub each time, and on no answer nothing is done.
import { afterEach, describe, expect, test } from 'vitest'
import { parse } from '../../src/command/comment/parse.ts'
import type { Verb } from '../../src/command/table/table.ts'
import { rows } from '../../src/command/table/table.ts'
import type { Permission } from '../../src/github/app/permissions.ts'
import { type Reading, readLine } from '../../src/receive/commands.ts'
import { DEFAULT } from '../incident/given.ts'
import { row, stories } from '../stories/story.ts'

type Right = 'none' | 'read' | 'triage' | 'write'
/** As GitHub's answers are read; the number is that of the highest right that they have. */
const SENDERS: readonly (readonly [who: string, has: Permission, most: number])[] = [
  ['an owner', 'admin', 3],
  ['a maintainer', 'maintain', 3],
  ['a writer, a custom role above, an outside collaborator', 'write', 3],
  ['a triager', 'triage', 2],
  ['a reader, a custom role above', 'read', 1],
  ['a private member without access, an ex-member, nobody', 'none', 0],
]
const RIGHTS: readonly Right[] = ['none', 'read', 'triage', 'write']

/** Written down again, so that a slip in the table shows. */
function needs(verb: Verb, example: string, isPrivate: boolean): Right {
  if (verb === 'help') return 'none'
  if (verb === 'note') return isPrivate ? 'read' : 'triage'
  if (verb === 'update') return example.includes('--public') ? 'write' : 'triage'
  const writers: Verb[] = ['hotfix', 'revert', 'deploy', 'rollback', 'waive', 'approve']
  return writers.includes(verb) ? 'write' : 'triage'
}

const EXAMPLES = [
  ...rows().flatMap(({ verb, row: { examples } }) => examples.map((example) => ({ verb, example }))),
  { verb: 'update' as const, example: '/update --public Search is back' },
  { verb: 'update' as const, example: '/update Search is back --public' },
]

function reading(has: Permission, isPrivate: boolean): Reading {
  const sender = { login: 'ada', bot: false }
  const repository = {
    id: 1,
    owner: 'acme',
    name: 'search',
    private: isPrivate,
    defaultBranch: 'main',
    organization: true,
  }
  const issue = {
    number: 42,
    nodeId: 'I_42',
    title: 'Search is stale',
    body: '',
    stateReason: null,
    url: 'https://github.com/acme/search/issues/42',
    labels: ['incident'],
    assignees: [],
    createdAt: 0,
    updatedAt: 0,
    closedAt: null,
    pull: false,
  }
  const comment = { id: 7, body: '', url: `${issue.url}#issuecomment-7` }
  return {
    delivery: {
      kind: 'comment',
      action: 'created',
      issue,
      comment,
      installation: 1,
      repository,
      sender,
      at: Date.UTC(2026, 0, 5),
    },
    place: { ...DEFAULT, repository: { private: isPrivate } },
    subject: { role: 'pending' },
    has,
    alone: false,
    incidents: new Map(),
    strangers: new Set(),
  }
}

describe.each(SENDERS)('%s', (_, has, most) => {
  test.each([false, true])('may do what is theirs, in a private repository: %s', (isPrivate) => {
    for (const { verb, example } of EXAMPLES) {
      const [line] = parse(example)
      if (!line) throw new Error(example)
      const read = readLine({ line, index: 0 }, reading(has, isPrivate))
      const denied = read.some((one) => 'refusal' in one && one.refusal.code === 'permission')
      expect(denied, `${example} by ${has}`).toBe(RIGHTS.indexOf(needs(verb, example, isPrivate)) > most)
      if (denied) expect(read).toHaveLength(1)
    }
  })
})

stories(
  'rights',
  (story) => {
    afterEach(() => story.sandbox.clearFaults())

    test('who is a member no more is refused, whatever they were a moment ago', async () => {
      const repo = story.sandbox.addRepository({ name: 'vault', private: true })
      await story.opens('ada', 'Vault is sealed', { repo })
      await story.says('ada', '/declare P3')
      await story.says('cy', '/lead')
      const late = await story.when(() => {
        const said = story.as('cy').comment(story.issue(), '/sev P0')
        repo.collaborators.set(story.as('cy').account, 'none')
        return said
      })
      expect(story.reactions(late)).toEqual(['confused'])
      expect(row(story.living(), 'Severity')).toMatch(/^P3/)
      expect(row(story.living(), 'Lead')).toBe('@cy')
    })

    test('the label declares by its sender’s right, whoever opened the issue', async () => {
      await story.opens('zoe', 'It is slow', { labels: ['incident'], viaForm: true })
      expect(row(story.living(), 'Status')).toMatch(/^triage/)
      await story.opens('zoe', 'It is slower')
      await story.labels('bo', 'incident')
      expect(row(story.living(), 'Status')).toMatch(/^investigating/)
      const plain = await story.opens('zoe', 'It is slowest')
      const refused = await story.says('zoe', '/declare P0')
      expect(story.reactions(refused)).toEqual(['confused'])
      expect(plain.labels).toEqual([])
    })

    test('while GitHub does not say, nothing is done; then all of it', async () => {
      await story.declares('No answer', 'sev:P2')
      const fault = story.sandbox.fault({ kind: 'status', status: 500, route: /\/permission$/, times: 3 })
      const said = await story.says('ada', '/sev P0\n/note in between')
      expect(fault.hits).toBe(3)
      expect(story.reactions(said)).toEqual(['eyes', 'rocket'])
      expect(row(story.living(), 'Severity')).toMatch(/^P0/)
    })

    test('who may not is told once an hour on an issue; so is a stranger whatever they ask', async () => {
      await story.declares('Patience', 'sev:P3')
      const bodies = ['/ack', '/akc', '/snooze soon', '/incident frobnicate', '/resolve', '/help', '/help']
      const said = await story.when(() => bodies.map((body) => story.as('zoe').comment(story.issue(), body)))
      expect(said.map((comment) => story.reactions(comment))).toEqual([
        ...Array(5).fill(['confused']),
        ['eyes', 'rocket'],
        ['confused'],
      ])
      expect(story.replies()).toEqual([
        expect.stringContaining('`/ack` needs triage permission'),
        expect.stringContaining('What you can say on'),
      ])
      await story.clock.advance('1h')
      const told = story.replies().length
      await story.says('zoe', '/ack')
      expect(story.replies()).toHaveLength(told + 1)
    })
  },
  { settings: 'board: none' },
)
