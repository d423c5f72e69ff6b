// What is due and when: escalation, nudges, working hours, reminders; and that nothing is due when nothing can come.

import { describe, expect, it } from 'vitest'
import { RANK } from '../../src/incident/base/placement.ts'
import { due, nextWake, runningOf, timers } from '../../src/incident/clock/clock.ts'
import { escalationTargets } from '../../src/incident/clock/escalation.ts'
import { nextUpdate } from '../../src/incident/clock/update.ts'
import { arrive } from '../../src/incident/fold/arrival.ts'
import type { Event, Fact } from '../../src/incident/fold/nouns.ts'
import { withPublicChannels } from '../../src/notify/channel.ts'
import { at, clock, DEFAULT, declared, event, given, type Rules, rules } from './given.ts'
import { HISTORY } from './histories.ts'

/** The timers ahead, by time: `10:05 escalate:P0:0`. */
function ahead(facts: readonly Event[], these: Rules = DEFAULT, kind?: string): string[] {
  const { incident } = given(facts)
  return timers(incident, these)
    .filter((timer) => !kind || timer.nudge.kind === kind)
    .sort((a, b) => a.at - b.at)
    .map((timer) => `${clock(timer.at)} ${timer.key}`)
}

/** The history with everything fired that is due at `time`, as a wake-up at that moment leaves it. */
function woken(time: string, facts: readonly Event[], these: Rules = DEFAULT): Event[] {
  const { incident } = given(facts)
  return arrive(facts, due(incident, these, at(time))).events
}

const say = (time: string, fact: Fact): Event => event(time, fact)
const severity = (time: string, key: string): Event => say(time, { kind: 'severity-set', severity: key })

const STEPS = rules(`
severities:
  P0:
    respond_within: 5m
    update_every: 15m
    escalate: [{ after: 0m, to: ["@acme/on-call"] }, { after: 10m, to: ["@dana"] }, { after: 20m, to: ["@cto"] }]
  P1:
    respond_within: 15m
    update_every: 30m
    escalate: [{ after: 0m, to: ["@acme/on-call"] }, { after: 15m, to: ["@dana"] }, { after: 1h, to: ["@cto"] }]
  P2:
    respond_within: 1h
    update_every: off
    escalate: [{ after: 1h, to: ["@acme/team"] }]
`)

describe('escalation', () => {
  it('runs until somebody acknowledges', () => {
    expect(ahead([declared('10:00', 'P0')], STEPS, 'escalate')).toEqual([
      '10:00 escalate:P0:0',
      '10:10 escalate:P0:1',
      '10:20 escalate:P0:2',
    ])
    const acknowledged = [declared('10:00', 'P0'), say('10:02', { kind: 'acknowledged' })]
    expect(ahead(acknowledged, STEPS, 'escalate')).toEqual([])
  })

  it.each(['triage', 'resolved', 'closed', 'cancelled'] as const)('pages nobody in %s', (status) => {
    expect(ahead(HISTORY[status], STEPS).filter((one) => !one.includes('remind'))).toEqual([])
  })

  it('has one step at respond_within where nobody is configured', () => {
    expect(ahead([declared('10:00', 'P0')], DEFAULT, 'escalate')).toEqual(['10:05 escalate:P0:0'])
  })

  it('names whom the step names, else the owners of the services, else who declared', () => {
    const owned = rules(
      'services: { api: { owners: ["@acme/api"] }, web: { owners: ["@acme/api", "@bob"] } }',
    )
    const services = say('10:01', { kind: 'services-set', services: ['web', 'api'] })
    const named = (facts: Event[], these: Rules, step: number) =>
      escalationTargets(given(facts).incident, these.policy, step)
    expect(named([declared('10:00', 'P0')], STEPS, 1)).toEqual(['@dana'])
    expect(named([declared('10:00', 'P0'), services], owned, 0)).toEqual(['@acme/api', '@bob'])
    expect(named([declared('10:00', 'P0')], owned, 0)).toEqual(['@ada'])
  })

  it('fires each step once, however late', () => {
    const late = woken('10:12', [declared('10:00', 'P0')], STEPS)
    expect(late.filter((one) => one.kind === 'timer-fired').map((one) => one.key)).toContain(
      'timer:escalate:P0:1',
    )
    expect(ahead(late, STEPS, 'escalate')).toEqual(['10:20 escalate:P0:2'])
  })

  it('missed steps are one call to all whom they name', () => {
    const late = woken('10:12', [declared('10:00', 'P0')], STEPS)
    const { effects } = given(late.slice(0, 1)).when(...late.slice(1))
    expect(effects.filter((effect) => effect.do === 'page')).toEqual([
      {
        do: 'page',
        key: 'escalate:P0:1',
        of: ['timer:escalate:P0:0', 'timer:escalate:P0:1'],
        notice: {
          about: 'escalation',
          overdue: false,
          to: ['@acme/on-call', '@dana'],
          due: at('10:00'),
          at: at('10:12'),
        },
      },
    ])
  })

  it('a second wake-up for the same step says nothing', () => {
    const fired = woken('10:00', [declared('10:00', 'P0')], STEPS)
    const again = { kind: 'timer-fired', timer: 'escalate:P0:0', due: at('10:00') } as const
    const { said, after, decision } = given(fired).when(event('10:01', again))
    expect({ said, decision, fired: after.fired }).toEqual({
      said: [],
      decision: 'already',
      fired: { 'escalate:P0:0': at('10:00') },
    })
  })

  it('restarts with a tighter severity', () => {
    const facts = woken('10:00', [declared('10:00', 'P1')], STEPS)
    expect(ahead([...facts, severity('10:05', 'P0')], STEPS, 'escalate')).toEqual([
      '10:05 escalate:P0:0',
      '10:15 escalate:P0:1',
      '10:25 escalate:P0:2',
    ])
  })

  it('keeps its clock with a looser one, and fired steps never fire again', () => {
    const facts = [...woken('10:11', [declared('10:00', 'P0')], STEPS), severity('10:12', 'P1')]
    expect(ahead(facts, STEPS, 'escalate')).toEqual(['11:00 escalate:P1:2'])
    const back = [...facts, severity('10:13', 'P0')]
    expect(ahead(back, STEPS, 'escalate')).toEqual(['10:33 escalate:P0:2'])
  })

  it('begins anew when what was over comes back', () => {
    const cancelled = [
      ...woken('10:00', [declared('10:00', 'P0')], STEPS),
      say('10:02', { kind: 'cancelled', reason: 'false-alarm' }),
      say('15:00', { kind: 'reopened', why: 'it was real' }),
    ]
    expect(ahead(cancelled, STEPS, 'escalate')).toEqual(['15:10 escalate:P0:1', '15:20 escalate:P0:2'])
  })
})

describe('nudges for a lead', () => {
  const alone = [declared('10:00', 'P0')]

  it('come after 2m, then every 5m, five times', () => {
    const times = ['10:02 lead:1', '10:07 lead:2', '10:12 lead:3', '10:17 lead:4', '10:22 lead:5']
    expect(ahead(alone, DEFAULT, 'lead')).toEqual(times)
    expect(ahead(woken('10:07', alone), DEFAULT, 'lead')).toEqual(times.slice(2))
  })

  it('end with a lead', () => {
    expect(ahead([...alone, say('10:03', { kind: 'assigned', user: 'bob' })], DEFAULT, 'lead')).toEqual([])
  })

  it('missed while the app was down, only the last one speaks', () => {
    const acknowledged = [...alone, say('10:01', { kind: 'acknowledged' })].map((fact) =>
      fact.kind === 'acknowledged' ? { ...fact, by: null } : fact,
    )
    const facts = woken('10:13', acknowledged)
    const { said, effects } = given(acknowledged).when(...facts.slice(2))
    expect(said).toEqual(['nudge-lead'])
    expect(effects).toContainEqual({
      do: 'say',
      key: 'lead:3',
      notice: { about: 'nudge-lead', last: false, to: ['@ada'], due: at('10:12'), at: at('10:13') },
    })
  })

  it('are not said beside a call to acknowledge: whoever answers it leads', () => {
    const { said } = given(alone).when(...woken('10:13', alone).slice(1))
    expect(said).toEqual(['escalation'])
  })

  it('asked in vain, those hear of it who should lead: teams, else the owners of the services', () => {
    const last = (these: Rules, ...facts: Event[]) => {
      const { incident } = given([...alone, ...facts])
      return timers(incident, these).flatMap((timer) =>
        timer.key === 'lead:last' ? [`${clock(timer.at)} ${timer.to.join()}`] : [],
      )
    }
    const teams = rules('lead: ["@acme/leads", "@dana"]')
    const owned = rules('services: { api: { owners: ["@acme/api"] } }')
    const services = say('10:01', { kind: 'services-set', services: ['api'] })
    expect(last(DEFAULT)).toEqual([])
    expect(last(teams)).toEqual(['10:27 @acme/leads'])
    expect(last(owned, services)).toEqual(['10:27 @acme/api'])
    const asked = timers(given(alone).incident, teams).find((timer) => timer.key === 'lead:1')
    expect(asked?.to).toEqual(['@dana'])
  })
})

describe('nudges for an update', () => {
  const led = [declared('10:00', 'P0'), say('10:01', { kind: 'lead-set', user: 'ada' })]
  const updates = (facts: readonly Event[]) => ahead(facts, DEFAULT, 'update')
  const since = (time: string) => (round: number) => `update:${at(time)}:${round}`

  it('come at the due time and at each further full period, three in a row', () => {
    const key = since('10:00')
    expect(updates(led)).toEqual([`10:15 ${key(1)}`, `10:30 ${key(2)}`, `10:45 ${key(3)}`])
    expect(updates(woken('10:45', led))).toEqual([])
  })

  it('start again after an update', () => {
    const key = since('10:50')
    const updated = [...woken('10:45', led), say('10:50', { kind: 'updated', text: 'better', public: false })]
    expect(updates(updated)).toEqual([`11:05 ${key(1)}`, `11:20 ${key(2)}`, `11:35 ${key(3)}`])
  })

  it('follow the severity: tighter restarts, looser keeps, off ends', () => {
    const p1 = [declared('10:00', 'P1'), ...led.slice(1)]
    expect(updates([...p1, severity('10:20', 'P0')])[0]).toBe(`10:35 ${since('10:20')(1)}`)
    expect(updates([...led, severity('10:10', 'P1')])[0]).toBe(`10:30 ${since('10:00')(1)}`)
    expect(updates([...led, severity('10:10', 'P3')])).toEqual([])
  })

  it('count from the reopening', () => {
    const reopened = [
      ...led,
      say('10:10', { kind: 'resolved' }),
      say('15:00', { kind: 'reopened', why: 'again' }),
    ]
    const { incident } = given(reopened)
    const running = runningOf(incident, DEFAULT)
    expect(clock(running && nextUpdate(running)?.at)).toBe('15:15')
  })
})

describe('updates that fail to come', () => {
  const led = [
    declared('10:00', 'P0'),
    say('10:01', { kind: 'lead-set', user: 'ada' }),
    say('10:02', { kind: 'acknowledged' }),
  ]
  const overdue = (facts: readonly Event[], these = STEPS) => ahead(facts, these, 'overdue')

  it('are told to the next step of the escalation at the fourth full period, which then has fired', () => {
    expect(overdue(led)).toEqual([`11:00 overdue:${at('10:00')}`])
    const silent = woken('11:00', led, STEPS)
    const { said, after } = given(led).when(...silent.slice(led.length))
    expect(said).toContain('escalation')
    expect(after.fired['escalate:P0:0']).toBe(at('11:00'))
    expect(after.pages).toEqual([])
    expect(overdue(silent)).toEqual([])
  })

  it('go one step further after every silence, and skip a step that names the lead alone', () => {
    const silent = woken('11:00', led, STEPS)
    const again = [...silent, say('11:10', { kind: 'updated', text: 'still', public: false })]
    const next = timers(given(again).incident, STEPS).find((timer) => timer.nudge.kind === 'overdue')
    expect([clock(next?.at), next?.to]).toEqual(['12:10', ['@dana']])
    const dana = [...again, say('11:11', { kind: 'lead-set', user: 'dana' })]
    expect(timers(given(dana).incident, STEPS).find((timer) => timer.nudge.kind === 'overdue')?.to).toEqual([
      '@cto',
    ])
  })

  it('are told to nobody where nobody is left', () => {
    expect(overdue(led, rules('severities: { P0: { escalate: [] } }'))).toEqual([])
    expect(overdue(led, rules('nudges: { update_overdue: { times: 1 } }'))).toEqual([])
  })

  it('wait for working hours one by one', () => {
    const P2 = rules(
      'severities: { P0: {}, P2: { update_every: 2h, escalate: [{ after: 1h, to: ["@dana"] }] } }',
    )
    const evening = [declared('15:30', 'P2'), say('15:31', { kind: 'lead-set', user: 'ada' })]
    const times = (kind: string) => ahead(evening, P2, kind).map((one) => one.slice(0, 16))
    expect(times('update').map((one) => one.trim().split(' update')[0])).toEqual([
      '17:30',
      '2025-12-19 09:00',
      '2025-12-19 11:00',
    ])
    expect(times('overdue')).toEqual(['2025-12-19 13:00'])
  })
})

describe('a handover', () => {
  const led = [declared('10:00', 'P0'), say('10:10', { kind: 'lead-set', user: 'bob' })]
  const handovers = (facts: readonly Event[]) => ahead(facts, DEFAULT, 'handover')

  it('is offered after an hour, demanded after three, once each', () => {
    const key = `handover:${at('10:10')}`
    expect(handovers(led)).toEqual([`11:10 ${key}:offer`, `13:10 ${key}:demand`])
    expect(handovers(woken('13:10', led))).toEqual([])
  })

  it('begins anew with the next lead, and after a reopening', () => {
    const next = [...woken('13:10', led), say('13:20', { kind: 'lead-set', user: 'eve' })]
    expect(handovers(next).map((one) => one.slice(0, 5))).toEqual(['14:20', '16:20'])
    const back = [...led, say('10:30', { kind: 'resolved' }), say('15:00', { kind: 'reopened', why: 'x' })]
    expect(handovers(back).map((one) => one.slice(0, 5))).toEqual(['16:00', '18:00'])
  })
})

describe('silence', () => {
  const led = [declared('10:00', 'P0'), say('10:10', { kind: 'lead-set', user: 'bob' })]
  const quiet = (facts: readonly Event[]) => ahead(facts, DEFAULT, 'quiet').map((one) => one.slice(0, 16))

  it('is asked about after a day, daily, five times', () => {
    expect(quiet(led)).toEqual([19, 20, 21, 22, 23].map((day) => `2025-12-${day} 10:10`))
    const asked = woken('2025-12-23 10:10', led)
    expect(quiet(asked)).toEqual([])
    expect(nextWake(given(asked).incident, DEFAULT)).toBeNull()
  })

  it('ends with whatever a person does, and not with what Mayday does', () => {
    expect(quiet([...led, say('12:00', { kind: 'spoke' })])[0]).toBe('2025-12-19 12:00')
    const own = event(
      '12:00',
      { kind: 'hotfix-opened', pull: 7, branch: 'x', url: '' },
      { rank: RANK.mayday },
    )
    expect(quiet([...led, own])[0]).toBe('2025-12-19 10:10')
  })
})

describe('the first public update', () => {
  const facts = [declared('10:00', 'P0'), say('10:01', { kind: 'role-set', role: 'comms', user: 'bo' })]
  const external = (more: readonly Event[], these: Rules = DEFAULT) =>
    timers(given([...facts, ...more]).incident, these).flatMap((timer) =>
      timer.nudge.kind === 'external' ? [`${clock(timer.at)} ${timer.to.join()}`] : [],
    )

  it('is asked of who communicates, until one was made public', () => {
    const told = (open: boolean) => say('10:10', { kind: 'updated', text: 'we know', public: open })
    expect(external([])).toEqual(['11:00 @bo'])
    expect(external([told(false)])).toEqual(['11:00 @bo'])
    expect(external([told(true)])).toEqual([])
    expect(external([say('10:10', { kind: 'drilled' })])).toEqual([])
  })

  it('has a clock only where a public channel is announced', () => {
    const { policy, calendar } = rules(
      'announce: [ops]\nseverities: { P0: { announce: [ops, public] }, P1: {} }',
    )
    const open = withPublicChannels(policy, (name) => name === 'public')
    expect(open.severities.map((one) => one.external_within)).toEqual(['1h', null])
    expect(external([], { policy: withPublicChannels(policy, () => false), calendar })).toEqual([])
  })
})

describe('deadlines of a type', () => {
  const BREACH = rules(
    'types: { breach: { clocks: [{ name: "Notice: GDPR Art. 33", within: 72h, to: ["@acme/legal"] }, { name: Partners, within: 30m }] } }',
  )
  const facts = [declared('10:00', 'P0'), say('10:20', { kind: 'type-set', type: 'breach' })]
  const box = 'Notice: GDPR Art. 33 by 2025-12-21 10:00 UTC'

  it('are told when they begin and when they end, also of what is resolved', () => {
    const all = [
      '10:20 deadline:begins:Notice: GDPR Art. 33',
      '10:20 deadline:begins:Partners',
      '10:30 deadline:due:Partners',
      '2025-12-21 10:00 deadline:due:Notice: GDPR Art. 33',
    ]
    expect(ahead(facts, BREACH, 'deadline')).toEqual(all)
    expect(ahead([...facts, say('10:25', { kind: 'resolved' })], BREACH, 'deadline')).toEqual(all)
    const to = timers(given(facts).incident, BREACH).filter((timer) => timer.nudge.kind === 'deadline')
    expect(new Set(to.map((timer) => timer.to.join()))).toEqual(new Set(['@acme/legal', '@ada']))
  })

  it('end with their tick and with a false alarm', () => {
    const ticked = say('10:25', { kind: 'ticked', text: box, checked: true })
    expect(ahead([...facts, ticked], BREACH, 'deadline').join()).not.toContain('GDPR')
    const none = say('10:25', { kind: 'cancelled', reason: 'false-alarm' })
    expect(ahead([...facts, none], BREACH, 'deadline')).toEqual([])
  })

  it('missed while the app was down, each speaks once', () => {
    const late = woken('2025-12-22 10:00', facts, BREACH)
    const { effects } = given(facts).when(...late.slice(facts.length))
    const said = effects.flatMap((one) =>
      one.do === 'say' && one.notice.about === 'deadline' ? [one.key] : [],
    )
    expect(said.sort()).toEqual(['deadline:due:Notice: GDPR Art. 33', 'deadline:due:Partners'])
  })
})

describe('working hours', () => {
  const P2 = rules('severities: { P0: {}, P2: { respond_within: 2h } }')

  it('a severity without always waits for them', () => {
    const evening = [declared('17:30', 'P2'), say('17:31', { kind: 'lead-set', user: 'bob' })]
    expect(ahead(evening, P2, 'escalate')).toEqual(['2025-12-19 09:00 escalate:P2:0'])
    expect(ahead([declared('2025-12-20 12:00', 'P2')], P2, 'lead')[0]).toBe('2025-12-22 09:00 lead:1')
    expect(ahead([declared('11:00', 'P2')], P2, 'escalate')).toEqual(['13:00 escalate:P2:0'])
  })

  it('one with always does not', () => {
    expect(ahead([declared('2025-12-20 23:00', 'P0')], P2, 'escalate')).toEqual([
      '2025-12-20 23:05 escalate:P0:0',
    ])
  })

  it('are those of the repository’s zone', () => {
    const tokyo = rules('timezone: Asia/Tokyo\nseverities: { P0: {}, P2: { respond_within: 2h } }')
    expect(ahead([declared('07:30', 'P2')], tokyo, 'escalate')).toEqual(['2025-12-19 00:00 escalate:P2:0'])
  })

  it('business days skip the weekend', () => {
    const slow = rules('severities: { P0: {}, P2: { respond_within: 1bd } }')
    const friday = declared('2025-12-19 11:00', 'P2')
    expect(ahead([friday], slow, 'escalate')).toEqual(['2025-12-22 11:00 escalate:P2:0'])
  })
})

describe('reminders', () => {
  const ZONES = rules('people: { ada: { timezone: America/New_York } }')
  const item = (owner: string, due: string): Event[] => [
    declared('2025-12-01 10:00', 'P1'),
    say('2025-12-01 10:01', {
      kind: 'item-promised',
      item: 'alarm',
      source: 'command',
      text: 'Alarm',
      owner,
      due,
    }),
    say('2025-12-01 10:02', { kind: 'item-opened', item: 'alarm', issue: 45, url: '…/45' }),
    say('2025-12-01 10:03', { kind: 'cancelled', reason: 'other' }),
  ]
  const owed = (...more: Event[]): Event[] => [
    ...item('bob', '2025-12-10').slice(0, 3),
    say('2025-12-01 12:00', { kind: 'resolved' }),
    ...more,
  ]
  const dates = (facts: readonly Event[], these?: Rules): string[] =>
    ahead(facts, these, 'remind').map((one) => one.slice(0, 16))

  it('come two days before, on the day, +3d, +7d, then weekly; on working days', () => {
    // Wednesday; +3d is a Saturday and waits for Monday.
    expect(dates(owed()).slice(0, 5)).toEqual([
      '2025-12-08 09:00',
      '2025-12-10 09:00',
      '2025-12-15 09:00',
      '2025-12-17 09:00',
      '2025-12-24 09:00',
    ])
  })

  it('go on weekly for as long as it takes', () => {
    let facts = owed()
    const told: (string | null)[] = []
    for (let round = 0; round < 12; round++) {
      const { incident } = given(facts)
      const time = clock(nextWake(incident, DEFAULT))
      if (!time) break
      told.push(time)
      facts = woken(time, facts)
    }
    expect(told.slice(-3)).toEqual(['2026-01-28 09:00', '2026-02-04 09:00', '2026-02-11 09:00'])
  })

  it('are in the owner’s own zone', () => {
    expect(dates([...item('Ada', '2025-12-10').slice(0, 3)], ZONES)[0]).toBe('2025-12-08 14:00')
    expect(dates([...item('bob', '2025-12-10').slice(0, 3)], ZONES)[0]).toBe('2025-12-08 09:00')
  })

  it.each<[string, Fact]>([
    ['done', { kind: 'item-done', item: 'alarm' }],
    ['declined', { kind: 'item-declined', item: 'alarm', reason: 'no' }],
  ])('end when it is %s', (_, fact) => {
    const { incident } = given(owed(say('2025-12-02 10:00', fact)))
    expect(nextWake(incident, DEFAULT)).toBeNull()
  })

  it('end with a cancelled incident', () => expect(dates(item('bob', '2025-12-10'))).toEqual([]))

  it('follow a new date and a new owner', () => {
    const moved = say('2025-12-02 10:00', {
      kind: 'item-changed',
      item: 'alarm',
      due: '2025-12-31',
      owner: 'ada',
    })
    expect(dates(owed(moved), ZONES)[0]).toBe('2025-12-29 14:00')
  })

  it('a snooze moves the next one to its end', () => {
    const until = (time: string): Event =>
      say('2025-12-10 10:00', { kind: 'item-snoozed', item: 'alarm', until: at(time) })
    const told = woken('2025-12-10 09:00', owed())
    expect(dates(told)[0]).toBe('2025-12-15 09:00')
    expect(dates([...told, until('2025-12-12 10:00')])[0]).toBe('2025-12-15 09:00')
    expect(dates([...told, until('2025-12-16 15:00')]).slice(0, 2)).toEqual([
      '2025-12-16 15:00',
      '2025-12-17 09:00',
    ])
    expect(dates([...told, until('2025-12-20 10:00')])[0]).toBe('2025-12-22 09:00')
  })

  it('come back after a snooze of half a year, weekly', () => {
    const snoozed = say('2025-12-10 10:00', {
      kind: 'item-snoozed',
      item: 'alarm',
      until: at('2026-06-10 10:00'),
    })
    const told = [...woken('2025-12-10 09:00', owed()), snoozed]
    expect(dates(told)[0]).toBe('2026-06-10 10:00')
    expect(dates(woken('2026-06-10 10:00', told))[0]).toBe('2026-06-17 09:00')
  })

  it('wait for an issue, an owner and a date', () => {
    const bare = { kind: 'item-promised', item: 'alarm', source: 'command', text: 'Alarm' } as const
    const opened = say('2025-12-01 10:02', { kind: 'item-opened', item: 'alarm', issue: 45, url: 'u' })
    const first = declared('2025-12-01 10:00', 'P1')
    const promised = (words: object, ...more: Event[]) => [
      first,
      say('2025-12-01 10:01', { ...bare, ...words }),
      ...more,
    ]
    expect(dates(promised({ owner: 'bob', due: '2025-12-10' }))).toEqual([])
    expect(dates(promised({ due: '2025-12-10' }, opened))).toEqual([])
    expect(dates(promised({ owner: 'bob' }, opened))).toEqual([])
    expect(dates(promised({ owner: 'bob', horizon: 'immediate' }, opened))[0]).toBe('2025-12-08 09:00')
  })

  it('missed while the app was down, each owner hears once', () => {
    const late = woken('2026-03-02 10:00', owed())
    const { effects } = given(owed()).when(...late.slice(owed().length))
    expect(effects.filter((effect) => effect.do === 'remind')).toEqual([{ do: 'remind', owner: 'bob' }])
    expect(dates(late)[0]).toBe('2026-03-04 09:00')
  })
})

describe('nothing to wait for', () => {
  it.each(['none', 'triage', 'closed', 'cancelled'] as const)('%s', (status) => {
    const { incident } = given(HISTORY[status])
    expect(nextWake(incident, DEFAULT)).toBeNull()
  })

  it('nothing is due after everything has fired', () => {
    const { incident } = given(woken('2025-12-25 12:00', [declared('10:00', 'P0')]))
    expect(nextWake(incident, DEFAULT)).toBeNull()
  })
})
