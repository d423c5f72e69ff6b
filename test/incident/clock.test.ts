// What is due and when: escalation, nudges, working hours, reminders; and that nothing is due when nothing can come.
import { describe, expect, it } from 'vitest'
import { arrive } from '../../src/incident/arrival.ts'
import { escalationTargets, nextUpdate, nextWake, timers } from '../../src/incident/clock.ts'
import { type Event, type Fact, RANK } from '../../src/incident/event.ts'
import { severityOf } from '../../src/incident/policy.ts'
import { at, clock, DEFAULT, declared, event, given, type Rules, rules } from './given.ts'
import { HISTORY } from './histories.ts'

/** The timers ahead, by time: `10:05 escalate:P0:0`. */
function ahead(facts: readonly Event[], these: Rules = DEFAULT, kind?: string): string[] {
  const { incident } = given(facts, these)
  return timers(incident, these.policy, these.calendar)
    .filter((timer) => !kind || timer.kind === kind)
    .sort((a, b) => a.at - b.at)
    .map((timer) => `${clock(timer.at)} ${timer.key}`)
}

/** The history with everything fired that is due at `time`, as a wake-up at that moment leaves it. */
function woken(time: string, facts: readonly Event[], these: Rules = DEFAULT): Event[] {
  const { incident } = given(facts, these)
  const fired = timers(incident, these.policy, these.calendar)
    .filter((timer) => timer.at <= at(time))
    .sort((a, b) => a.at - b.at)
    .map((timer): Event => {
      const names = timer.kind === 'remind' ? [timer.owner] : []
      const fact: Fact = { kind: 'timer-fired', timer: timer.key, due: timer.at, names }
      return event(time, fact, { rank: RANK.timer, by: null, key: `timer:${timer.key}` })
    })
  return arrive(facts, fired, these.policy).events
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
      escalationTargets(given(facts, these).incident, these.policy, step)
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

  it('a second wake-up for the same step says nothing', () => {
    const fired = woken('10:00', [declared('10:00', 'P0')], STEPS)
    const again = { kind: 'timer-fired', timer: 'escalate:P0:0', due: at('10:00') } as const
    const { said, after, decision } = given(fired, STEPS).when(event('10:01', again))
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
    const facts = woken('10:13', alone)
    const { said, effects } = given(alone).when(...facts.slice(1))
    expect(said.filter((about) => about === 'nudge-lead')).toHaveLength(1)
    expect(effects).toContainEqual({
      do: 'say',
      key: 'lead:3',
      notice: { about: 'nudge-lead', round: 3, due: at('10:12'), at: at('10:13') },
    })
  })
})

describe('nudges for an update', () => {
  const led = [declared('10:00', 'P0'), say('10:01', { kind: 'lead-set', user: 'ada' })]
  const since = (time: string) => (round: number) => `update:${at(time)}:${round}`

  it('come at the due time and at each further full period, three in a row', () => {
    const key = since('10:00')
    expect(ahead(led)).toEqual([`10:15 ${key(1)}`, `10:30 ${key(2)}`, `10:45 ${key(3)}`])
    const silent = woken('10:45', led)
    expect(ahead(silent)).toEqual([])
    const { incident } = given(silent)
    expect(nextWake(incident, DEFAULT.policy, DEFAULT.calendar)).toBeNull()
  })

  it('start again after an update', () => {
    const key = since('10:50')
    const updated = [...woken('10:45', led), say('10:50', { kind: 'updated', text: 'better', public: false })]
    expect(ahead(updated)).toEqual([`11:05 ${key(1)}`, `11:20 ${key(2)}`, `11:35 ${key(3)}`])
  })

  it('follow the severity: tighter restarts, looser keeps, off ends', () => {
    const p1 = [declared('10:00', 'P1'), ...led.slice(1)]
    expect(ahead([...p1, severity('10:20', 'P0')])[0]).toBe(`10:35 ${since('10:20')(1)}`)
    expect(ahead([...led, severity('10:10', 'P1')])[0]).toBe(`10:30 ${since('10:00')(1)}`)
    expect(ahead([...led, severity('10:10', 'P3')])).toEqual([])
  })

  it('count from the reopening', () => {
    const reopened = [
      ...led,
      say('10:10', { kind: 'resolved' }),
      say('15:00', { kind: 'reopened', why: 'again' }),
    ]
    const { incident } = given(reopened)
    const severity = severityOf(DEFAULT.policy, 'P0')
    expect(clock(nextUpdate(incident, severity, DEFAULT.policy, DEFAULT.calendar)?.at)).toBe('15:15')
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
      const time = clock(nextWake(incident, DEFAULT.policy, DEFAULT.calendar))
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
    expect(nextWake(incident, DEFAULT.policy, DEFAULT.calendar)).toBeNull()
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
    expect(nextWake(incident, DEFAULT.policy, DEFAULT.calendar)).toBeNull()
  })

  it('nothing is due after everything has fired', () => {
    const { incident } = given(woken('12:00', [declared('10:00', 'P0')]))
    expect(nextWake(incident, DEFAULT.policy, DEFAULT.calendar)).toBeNull()
  })
})
