// Order and repetition of arrival never matter: whole incidents from generated facts.

import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MILESTONES } from '../../src/incident/base/lifecycle.ts'
import { inOrder, RANK } from '../../src/incident/base/placement.ts'
import { arrive } from '../../src/incident/fold/arrival.ts'
import { fold } from '../../src/incident/fold/fold.ts'
import type { Event, Fact, Incident } from '../../src/incident/fold/nouns.ts'
import { type Effect, react } from '../../src/incident/react/react.ts'
import { at } from './given.ts'

const LOGINS = ['ada', 'bob', 'eve'] as const
const ITEMS = ['alarm', 'test'] as const
const PULLS = [7, 8] as const

const login = fc.constantFrom(...LOGINS)
const item = fc.constantFrom(...ITEMS)
const pull = fc.constantFrom(...PULLS)
const moving = fc.constantFrom('investigating', 'identified', 'fixing', 'monitoring')

/** Every kind of fact but the curation of rows, which names them by their number of arrival. */
const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  fc.constantFrom<Fact>(
    { kind: 'accepted' },
    { kind: 'drilled' },
    { kind: 'acknowledged' },
    { kind: 'resolved' },
    { kind: 'resolved', summary: 'done' },
    { kind: 'reopened', why: 'again' },
    { kind: 'cancelled', reason: 'duplicate', duplicateOf: 12 },
    { kind: 'hotfix-asked', title: 'Undo' },
    { kind: 'review-asked' },
    { kind: 'review-approved' },
    { kind: 'review-waived', reason: 'known' },
    { kind: 'review-closed' },
    { kind: 'review-reopened' },
    { kind: 'review-opened', issue: 43, url: '…/43' },
    { kind: 'cause-found', text: 'disk' },
    { kind: 'noted', text: 'restarted' },
    { kind: 'noted', text: 'before', time: at('09:30') },
    { kind: 'updated', text: 'we know more', public: false },
    { kind: 'comment-deleted', comment: 3 },
    { kind: 'comment-edited', comment: 4, texts: ['edited'] },
    { kind: 'services-set', services: ['api'] },
    { kind: 'related', number: 12 },
    { kind: 'suspected', number: 12 },
    { kind: 'suspect-cleared', number: 12 },
    { kind: 'renamed', title: 'Search is slow' },
    { kind: 'timer-fired', timer: 'lead:1', due: at('10:00') },
    { kind: 'timer-fired', timer: 'escalate:P0:0', due: at('10:00'), names: ['@ada'] },
  ),
  fc.record({ kind: fc.constant('severity-set'), severity: fc.constantFrom('P0', 'P1', 'P2', 'P3') }),
  fc.record({ kind: fc.constant('status-set'), status: moving }),
  fc.record({ kind: fc.constant('lead-set'), user: login }),
  fc.record({ kind: fc.constant('assigned'), user: login }),
  fc.record({
    kind: fc.constant('milestone-set'),
    milestone: fc.constantFrom(...MILESTONES),
    time: fc.constantFrom(at('09:00'), at('10:05'), at('10:20')),
  }),
  fc.record({ kind: fc.constant('hotfix-opened'), pull, branch: fc.constant('b'), url: fc.constant('u') }),
  fc.record({ kind: fc.constant('hotfix-merged'), pull, sha: fc.constant('abc') }),
  fc.record({ kind: fc.constant('hotfix-closed'), pull }),
  fc.record({ kind: fc.constant('hotfix-reviewed'), pull, state: fc.constantFrom('approved', 'commented') }),
  fc.record({
    kind: fc.constant('item-promised'),
    item,
    source: fc.constant('command'),
    text: fc.constantFrom('Alarm', 'Test'),
  }),
  fc.record({
    kind: fc.constant('item-opened'),
    item,
    issue: fc.constantFrom(45, 46),
    url: fc.constant('u'),
  }),
  fc.record({ kind: fc.constantFrom('item-done', 'item-reopened', 'item-declined'), item }),
  fc.record({ kind: fc.constant('item-changed'), item, owner: login, due: fc.constant('2026-01-05') }),
  fc.record({ kind: fc.constant('item-snoozed'), item, until: fc.constant(at('2025-12-22 09:00')) }),
)

const ranks = Object.values(RANK)
const placed = fc
  .record({
    fact: anyFact,
    minute: fc.integer({ min: -2, max: 30 }),
    rank: fc.constantFrom(...ranks),
    origin: fc.integer({ min: 1, max: 5 }),
    index: fc.integer({ min: 0, max: 2 }),
    by: login,
  })
  .map(({ fact, minute, ...place }) => ({ fact, at: at('10:00') + minute * 60_000, ...place }))

const declaration = fc.record({
  severity: fc.option(fc.constantFrom('P0', 'P3'), { nil: undefined }),
  triage: fc.boolean(),
})

/** A declaration and what happened around it, each under its own key. */
const story = fc
  .tuple(declaration, fc.array(placed, { maxLength: 25 }))
  .map(([{ severity, triage }, rest]): Event[] => [
    {
      kind: 'declared',
      id: 'INC-42',
      title: 'Search is down',
      ...(severity && { severity }),
      ...(triage && { triage: true as const }),
      ...{ key: 'declared', at: at('10:00'), rank: RANK.label, origin: 0, index: 0, by: 'ada' },
    },
    ...rest.map(({ fact, ...place }, index): Event => Object.assign({ key: `fact-${index}` }, fact, place)),
  ])

/** The same facts as they may arrive: in any order, some more than once. */
const arrivals = (facts: readonly Event[]): fc.Arbitrary<Event[]> =>
  fc
    .tuple(
      fc.shuffledSubarray([...facts], { minLength: facts.length }),
      fc.array(fc.nat(Math.max(0, facts.length - 1)), { maxLength: 10 }),
    )
    .map(([order, again]) => [...order, ...again.flatMap((index) => facts[index] ?? [])])

const twice = story.chain((facts) => fc.tuple(arrivals(facts), arrivals(facts)))

/** Executes one fact after the other as the shell does, with everything that followed from each. */
type Step = { added: Event[]; after: Incident; effects: Effect[] }
function live(arriving: readonly Event[]): { incident: Incident; steps: Step[] } {
  let events: Event[] = []
  const steps: Step[] = []
  let incident = fold([])
  for (const fact of arriving) {
    const arrival = arrive(events, [fact])
    events = arrival.events
    const { added } = arrival
    const after = fold(events)
    steps.push({ added, after, effects: react(incident, after, added) })
    incident = after
  }
  return { incident, steps }
}

/** What must be made on GitHub for an incident and is not there yet, in the order of `react`. */
const owed = ({ hotfixesAsked, review }: Incident): string[] => [
  ...hotfixesAsked.map((asked) => `hotfix ${asked.key}`),
  ...(review && !review.issue ? ['review'] : []),
]

/** The items whose issue is not there yet: one effect opens them all. */
const unopened = ({ items }: Incident): string[] => items.flatMap(({ key, issue }) => (issue ? [] : [key]))

/** What effects order to be made, in the same words. */
const orders = (effects: readonly Effect[]): string[] =>
  effects.flatMap((effect) => {
    if (effect.do === 'open-hotfix') return [`hotfix ${effect.asked}`]
    return effect.do === 'open-review' ? ['review'] : []
  })

/** Everything but the numbers of the rows, which are given on arrival. */
const unnumbered = (incident: Incident) => ({
  ...incident,
  entries: incident.entries.map(({ event: { n: _, ...event }, ...entry }) => ({ ...entry, event })),
})

describe('whatever the order and repetition of arrival', () => {
  it('the incident is the same but for the numbers of its rows', () => {
    fc.assert(
      fc.property(twice, ([one, other]) => {
        expect(unnumbered(live(one).incident)).toEqual(unnumbered(live(other).incident))
      }),
    )
  })

  it('every row has a number of its own', () => {
    fc.assert(
      fc.property(story.chain(arrivals), (arriving) => {
        const numbers = live(arriving).incident.entries.map((entry) => entry.event.n)
        expect(new Set(numbers).size).toBe(numbers.length)
      }),
    )
  })

  it('what is told twice says nothing the second time', () => {
    fc.assert(
      fc.property(story.chain(arrivals), (arriving) => {
        for (const { added, effects } of live([...arriving, ...arriving]).steps.slice(arriving.length)) {
          expect(added).toEqual([])
          expect(effects.filter((effect) => !effect.do.startsWith('sync-'))).toEqual([])
        }
      }),
    )
  })

  it('a fact that changes nothing says nothing', () => {
    fc.assert(
      fc.property(story, placed, (facts, { fact, ...place }) => {
        const { events: known, after: before } = arrive([], facts)
        const { added, after } = arrive(known, [Object.assign({ key: 'one more' }, fact, place)])
        const same = (incident: Incident) => ({ ...unnumbered(incident), entries: [], refused: {} })
        if (!isDeepStrictEqual(same(after), same(before))) return
        // A timeline that grew goes where the duplicate's went.
        const grew = after.entries.length > before.entries.length
        const says = ({ do: what }: Effect): boolean =>
          !what.startsWith('sync-') && !(what === 'hand-over' && grew)
        expect(react(before, after, added).filter(says)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('each hotfix, review and item is ordered when it comes to be, and never while it stands', () => {
    fc.assert(
      fc.property(story.chain(arrivals), (arriving) => {
        let [stood, waited]: [string[], string[]] = [[], []]
        for (const { after, effects } of live(arriving).steps) {
          const [stands, waits] = [owed(after), unopened(after)]
          expect(orders(effects)).toEqual(stands.filter((one) => !stood.includes(one)))
          if (waits.some((one) => !waited.includes(one))) expect(effects).toContainEqual({ do: 'sync-items' })
          ;[stood, waited] = [stands, waits]
        }
      }),
      { numRuns: 500 },
    )
  })

  it('arriving as it happened, however often, each is ordered once', () => {
    const inTime = story.map(([first, ...rest]) =>
      [...(first ? [first] : []), ...rest.sort(inOrder)].flatMap((fact) => [fact, fact]),
    )
    fc.assert(
      fc.property(inTime, (arriving) => {
        const { incident, steps } = live(arriving)
        const ordered = steps.flatMap((step) => orders(step.effects))
        expect(new Set(ordered).size).toBe(ordered.length)
        expect(ordered).toEqual(expect.arrayContaining(owed(incident)))
      }),
      { numRuns: 500 },
    )
  })
})
