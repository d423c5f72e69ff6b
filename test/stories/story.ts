// What every story stands on: one GitHub stand-in, one real Mayday, a clock that moves, and verbs that read like a chat.

import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import type { Event } from '../../src/incident/fold/nouns.ts'
import { clock } from '../clock.ts'
import { forEachBackend, onOneBackend, type Place } from '../database/backends.ts'
import { sized } from '../promises/size.ts'
import { SECRET } from '../sandbox/harness.ts'
import type { Person } from '../sandbox/person.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import type { Issue, IssueComment, Repository } from '../sandbox/world/world.ts'
import { makeEngine } from './engine.ts'

/** The morning of the OpenSearch migration, a Thursday. */
export const MORNING = Date.parse('2025-12-18T10:30:00Z')

/** The clock of a story all but stands while nobody moves it, so that a busy machine tells it with the same minutes. */
const PACE = 0.01

export type StoryOptions = {
  /** `.github/mayday.yml` of acme/search; none at all by default, so that the defaults hold. */
  settings?: string
  /** On both databases; the others on PostgreSQL where one answers, else on the embedded one. */
  everywhere?: true
  /** Check every answer and payload of the sandbox against GitHub's descriptions: seconds per file, so that only
   * the stories that see most of GitHub do it; all of them do in continuous integration. */
  validated?: true
}

export type Story = Awaited<ReturnType<typeof openStory>>

/** Describes stories once per database. `define` gets a story that is open while its tests run; after each of them
 * GitHub was never asked for what it does not have, and nothing was logged as an error. */
export function stories(name: string, define: (story: Story) => void, options: StoryOptions = {}): void {
  // A story is many round trips, and the machine may be busy.
  vi.setConfig({ testTimeout: sized({ suite: 240_000, soak: 60 * 60_000 }), hookTimeout: 120_000 })
  const each = options.everywhere ? forEachBackend : onOneBackend
  each(name, (_open, place) => {
    let opened: Story | undefined
    const current = (): Story => {
      if (!opened) throw new Error('the story is not open yet')
      return opened
    }
    beforeAll(async () => {
      opened = await openStory(place, options)
    })
    afterEach(() => current().check())
    afterAll(() => opened?.close())
    // The verbs are those of the story that is open when they are used.
    define(new Proxy({} as Story, { get: (_, verb) => Reflect.get(current(), verb) }))
  })
}

/** Text as a person reads it: without the invisible characters that keep mentions and references from taking effect,
 * without the hidden marks, and with brackets as they show. */
export const visible = (text: string): string =>
  text
    .replaceAll(/\u200b|\u2060/g, '')
    .replaceAll(/<!-- mayday:.*?-->/g, '')
    .replaceAll(/\\([[\]])/g, '$1')
    .trim()

async function openStory(place: Place, options: StoryOptions) {
  clock.set(MORNING)
  clock.run(PACE)
  const sandbox = await startSandbox({
    secret: SECRET,
    now: () => Date.now(),
    validate: options.validated === true || process.env.CI !== undefined,
  })
  const engine = makeEngine(sandbox, place)
  const chat = makeChat(sandbox, () => engine.quiet())
  if (options.settings !== undefined) {
    sandbox.as('dee').push({ branch: 'main', files: { '.github/mayday.yml': options.settings } })
  }
  await engine.start()
  return {
    sandbox,
    place,
    ...engine,
    ...chat,
    /** What is stored of the incident, in the order of arrival; none where there is no incident. */
    facts: async (on: Issue = chat.issue()): Promise<Event[]> => {
      const { store } = engine.shell()
      const target = await store.incidents.at(on.repository.id, on.number)
      return target ? store.events.of(target.incident) : []
    },
    /** What may never be: GitHub was asked for the impossible, or something went wrong behind a person's back. */
    check: () => {
      sandbox.chaos({})
      sandbox.clearFaults()
      expect(sandbox.unknownCalls.map(({ method, path }) => `${method} ${path}`)).toEqual([])
      expect(sandbox.violations).toEqual([])
      expect(engine.errors.splice(0)).toEqual([])
    },
    close: async () => {
      await engine.stop()
      await sandbox.stop()
    },
  }
}

type OpenIssue = Parameters<Person['openIssue']>[0]

/** What people do and read. Every verb that acts waits until all is quiet again. */
function makeChat(sandbox: Sandbox, quiet: () => Promise<void>) {
  let issue: Issue | undefined
  const here = (): Issue => {
    if (!issue) throw new Error('no issue is open in this story')
    return issue
  }
  const own = (comment: IssueComment): boolean => comment.author.login === 'mayday[bot]'
  const marked = (comment: IssueComment, kind: string): boolean =>
    comment.body.includes(`<!-- mayday:${kind}:`)
  const livingComments = (on: Issue = here()): IssueComment[] =>
    on.comments.filter((one) => own(one) && marked(one, 'living'))

  /** Does anything and waits for what follows. A second later than what was before: GitHub's times are whole seconds, and
   * within one the kind of event decides what came first. */
  const when = async <Done>(act: () => Done): Promise<Done> => {
    clock.advance(1_000)
    const done = act()
    await quiet()
    return done
  }

  const opens = (login: string, title: string, more: Partial<OpenIssue> = {}): Promise<Issue> =>
    when(() => {
      issue = sandbox.as(login).openIssue({ title, body: 'Since 10:11.', ...more })
      return issue
    })

  return {
    as: (login: string) => sandbox.as(login),
    when,
    /** The issue that the story is about. */
    issue: here,
    turnTo: (other: Issue): void => {
      issue = other
    },
    id: () => `INC-${here().number}`,
    opens,
    /** An issue of ada's, declared by its labels. */
    declares: async (title: string, ...labels: string[]): Promise<Issue> => {
      await opens('ada', title)
      return when(() => {
        sandbox.as('ada').label(here(), 'incident', ...labels)
        return here()
      })
    },
    says: (login: string, body: string, on: Issue = here()): Promise<IssueComment> =>
      when(() => sandbox.as(login).comment(on, body)),
    labels: (login: string, ...names: string[]) => when(() => sandbox.as(login).label(here(), ...names)),
    unlabels: (login: string, name: string) => when(() => sandbox.as(login).unlabel(here(), name)),
    labelsOf: (on: Issue = here()): string[] => on.labels.map(({ name }) => name).sort(),
    livingComments,
    /** The one living comment; throws where there is none or more than one. */
    livingComment: (on: Issue = here()): IssueComment => {
      const [living, ...more] = livingComments(on)
      if (!living || more.length > 0) throw new Error(`${more.length + (living ? 1 : 0)} living comments`)
      return living
    },
    living: (on: Issue = here()): string => {
      const found = livingComments(on)
      expect(found.length, 'living comments').toBe(1)
      return visible(found[0]?.body ?? '')
    },
    /** What Mayday wrote beside the living comment and its continuations, oldest first. */
    replies: (on: Issue = here()): string[] =>
      on.comments
        .filter((one) => own(one) && !marked(one, 'living') && !marked(one, 'continuation'))
        .map(({ body }) => visible(body)),
    lastReply: (on: Issue = here()): string => {
      const reply = on.comments.findLast((one) => own(one) && !marked(one, 'living'))
      return reply ? visible(reply.body) : ''
    },
    reactions: (comment: IssueComment): string[] =>
      comment.reactions.filter(({ user }) => user.login === 'mayday[bot]').map(({ content }) => content),
    issues: (repository: Repository = sandbox.repository()): Issue[] => [...repository.issues.values()],
    /** The issue or pull request whose title begins so, the newest one. */
    titled: (start: string, repository: Repository = sandbox.repository()): Issue => {
      const found = [...repository.issues.values()].findLast(({ title }) => title.startsWith(start))
      if (!found) throw new Error(`nothing is titled ${start}`)
      return found
    },
  }
}

/** A row of the living comment's table, such as `Lead`. */
export function row(living: string, name: string): string | null {
  const line = living.split('\n').find((one) => one.startsWith(`| **${name}** |`))
  return line ? (line.split('|')[2]?.trim() ?? null) : null
}

/** The event column of the timeline, in the order shown. */
export const timeline = (living: string): string[] =>
  living
    .split('\n')
    .filter((line) => /^\| \d+ \| /.test(line))
    .map((line) => line.split(/(?<!\\)\|/)[3]?.trim() ?? '')
