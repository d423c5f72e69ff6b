// Two people at once: whatever they say and do by hand, in whatever order and how often it arrives, ends in one incident.

import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { parse } from '../src/command/comment/parse.ts'
import { factOf, isRefusal } from '../src/command/table/meaning.ts'
import { issueFacts, placed, placedIssueFacts } from '../src/github/webhook/by-hand.ts'
import { parseDelivery } from '../src/github/webhook/webhook.ts'
import { RANK } from '../src/incident/base/placement.ts'
import { arrive } from '../src/incident/fold/arrival.ts'
import { fold } from '../src/incident/fold/fold.ts'
import type { Event } from '../src/incident/fold/nouns.ts'
import { loadTemplates } from '../src/templates/templates.ts'
import { entries } from '../src/texts/entry.ts'
import { livingView } from '../src/texts/living.ts'
import { example } from './github/examples.ts'
import { at, rules } from './incident/given.ts'
import { sized } from './promises/size.ts'

const { policy, calendar } = rules('services: { api: {}, web: {} }\ntypes: { security: {} }')
const templates = loadTemplates(join(import.meta.dirname, '../templates'))
afterAll(() => templates.close())

const SAID = [
  '/ack',
  '/accept',
  '/drill',
  '/declare P1 it is real',
  '/declare P0 --since "2025-12-18 09:40"',
  '/sev P0 everybody',
  '/sev P3\n/note only a few',
  '/status identified\n/status monitoring watched',
  '/status investigating again',
  '/cause the disk is full',
  '/lead',
  '/handover @bo',
  '/role comms @cy\n/impact no search',
  '/service api, web',
  '/service web',
  '/type security',
  '/update we know more',
  '/note 09:50 the first alert',
  '/set started 09:45',
  '/set mitigated 10:10',
  '/set cost 100 EUR',
  '/action @eli due:2026-01-05 P1 Alarm on space',
  '/resolve it is over',
  '/reopen',
  '/reopen it is back',
  '/cancel false-alarm',
  '/duplicate of #12',
  '/related #12',
  '/suspect #12',
  '/clear #12',
  '/review',
] as const

const DONE = [
  ['labeled', { label: { name: 'sev:P0' } }],
  ['labeled', { label: { name: 'sev:P2' } }],
  ['labeled', { label: { name: 'status:identified' } }],
  ['labeled', { label: { name: 'status:monitoring' } }],
  ['labeled', { label: { name: 'status:resolved' } }],
  ['unlabeled', { label: { name: 'incident' } }],
  ['unlabeled', { label: { name: 'sev:P0' } }],
  ['closed', { issue: { state_reason: 'completed' } }],
  ['closed', { issue: { state_reason: 'not_planned' } }],
  ['closed', { issue: { state_reason: 'duplicate' } }],
  ['reopened', {}],
  ['assigned', { assignee: { login: 'cy' } }],
  ['unassigned', { assignee: { login: 'cy' } }],
  ['edited', { issue: { title: 'Search is slow' }, changes: { title: { from: 'Search is down' } } }],
  ['edited', { issue: { title: 'Nothing is found' }, changes: { title: { from: 'Search is down' } } }],
  ['locked', {}],
] as const

type Act = { by: string; second: number; what: (typeof SAID)[number] | (typeof DONE)[number] }

/** GitHub's times are whole seconds: a few of them, so that many acts share one. */
const moment = (second: number): number => at('10:00') + second * 1_000

function said(body: string, { by, second }: Act, id: number): Event[] {
  return parse(body, { severities: policy.severities.map(({ key }) => key) }).flatMap((line, index) => {
    if (!('command' in line)) throw new TypeError(`not understood: ${body}`)
    const key = `comment:${id}:${index}`
    const fact = factOf(line.command, {
      ...{ by, at: moment(second), policy, calendar, key, item: null, exposed: true },
      issue: { number: 42, title: 'Search is down', severity: null },
      incidents: new Map([[12, 'fixing']]),
    })
    if (!fact || isRefusal(fact)) throw new TypeError(`states nothing: ${body}`)
    return [placed(fact, { key, at: moment(second), rank: RANK.comment, origin: id, index, by })]
  })
}

function done([action, changes]: (typeof DONE)[number], { by, second }: Act): Event[] {
  const time = new Date(moment(second)).toISOString().replace('.000', '')
  const plain = { issue: { title: 'Search is down', labels: [], updated_at: time, closed_at: time } }
  const told = { ...example('issues', action, { ...plain, sender: { login: by }, changes: undefined }) }
  const delivery = parseDelivery('issues', {
    ...told,
    ...changes,
    issue: { ...Object(told.issue), ...Object(Reflect.get(changes, 'issue')) },
  })
  if (delivery?.kind !== 'issue') throw new TypeError('not an issue')
  return placedIssueFacts(delivery, issueFacts(delivery, policy), policy)
}

const declared: Event = {
  ...{ kind: 'declared', id: 'INC-42', title: 'Search is down', severity: 'P2', assumed: true },
  ...{ key: 'issue:labeled:incident', at: at('10:00'), rank: RANK.label, origin: 8, index: 0, by: 'ada' },
}

const act = (by: string): fc.Arbitrary<Act> =>
  fc.record({
    by: fc.constant(by),
    second: fc.integer({ min: 0, max: 12 }),
    what: fc.constantFrom(...SAID, ...DONE),
  })

/** What one delivery brings, each in the order in which it happened. */
const deliveries = fc
  .tuple(fc.array(act('ada'), { maxLength: 9 }), fc.array(act('bo'), { maxLength: 9 }))
  .map(([ada, bo]) => [
    [declared],
    ...[...ada, ...bo].map((one, id) =>
      typeof one.what === 'string' ? said(one.what, one, id + 1) : done(one.what, one),
    ),
  ])

/** In any order, some more than once. */
const arrivals = (all: Event[][]): fc.Arbitrary<Event[][]> =>
  fc
    .tuple(
      fc.shuffledSubarray(all, { minLength: all.length }),
      fc.array(fc.nat(all.length - 1), { maxLength: 6 }),
    )
    .map(([order, again]) => [...order, ...again.flatMap((index) => [all[index] ?? []])])

/** The incident after the last delivery, and its living comment, both without the rows' numbers of arrival. */
function ended(arriving: Event[][]) {
  let known: Event[] = []
  for (const facts of arriving) known = arrive(known, facts).events
  const { entries: told, ...incident } = fold(known)
  const living = livingView(
    { ...incident, entries: told },
    {
      now: at('12:00'),
      policy,
      calendar,
      boardUrl: null,
      url: '',
      noBoard: null,
      knownBefore: [],
      problems: [],
    },
  )
  const rows = entries({ templates }, { ...incident, entries: told }, { policy, url: '' })
  return { incident, living, rows: rows.map(({ n: _, text, ...row }) => ({ ...row, text: String(text) })) }
}

test('any order, repetition and interleaving of two people’s acts ends in one state and one living comment', () => {
  const twice = deliveries.chain((all) => fc.tuple(fc.constant(all), arrivals(all), arrivals(all)))
  fc.assert(
    fc.property(twice, ([all, one, other]) => {
      const inOrder = ended(all)
      expect(ended(one)).toEqual(inOrder)
      expect(ended(other)).toEqual(inOrder)
    }),
    { numRuns: sized({ suite: 200, soak: 3_000 }) },
  )
}, 60_000)
