// `/action`, `/due`, `/snooze`, `/wontfix`, `/assign`: action items.
import { parseDuration } from '../incident/policy/duration.ts'
import { readAction } from './arguments/action-line.ts'
import { optionalDuration, requireLogin, requireText } from './arguments/arguments.ts'
import { dateOf } from './arguments/times.ts'
import { Wrong } from './arguments/wrong.ts'
import { mentionOf, onIncident, onItem, row } from './row.ts'

export const action = row({
  usage: '/action [@owner] [due:2026-12-01] [P1] [short] <text>',
  does: 'Adds an action item, any time.',
  ...onIncident,
  examples: [
    '/action @eli due:14d P1 Alarm on document count',
    '/action [short] Runbook for network work in:acme/infra',
  ],
  read: readAction,
  mention: ({ owner }) => mentionOf(owner),
  mentionUsage: '/action @owner <text>',
  fact({ due: given, repository, ...words }, { calendar, at, key }) {
    if (repository) return { code: 'unavailable', verb: 'action in:…' }
    const due = given === undefined ? undefined : calendar.parseDate(given, at)
    if (due === null) return { code: 'date', given: given ?? '', usage: '/action due:14d <text>' }
    return { kind: 'item-promised', item: key, source: 'command', ...words, due }
  },
})

export const due = row({
  usage: '/due <date>',
  does: 'Moves the day an action item is due.',
  ...onItem,
  examples: ['/due 14d', '/due 2026-12-01', '/due friday', '/due 5bd'],
  read(args) {
    const date = dateOf(args.word() ?? '')
    if (!date) throw new Wrong('needs-date')
    return { date }
  },
  itemFact({ date: given }, { item, calendar, at }) {
    const due = calendar.parseDate(given, at)
    return due ? { kind: 'item-changed', item, due } : { code: 'date', given, usage: '/due 14d' }
  },
})

export const snooze = row({
  usage: '/snooze <duration>',
  does: 'Moves the next reminder.',
  ...onItem,
  examples: ['/snooze 3d', '/snooze 5bd'],
  read(args) {
    if (/^for\s/i.test(args.line())) args.skip(1)
    const duration = optionalDuration(args)
    if (!duration) throw new Wrong('needs-duration')
    return { duration }
  },
  itemFact({ duration: given }, { item, calendar, at }) {
    const length = parseDuration(given)
    if (!length) return { code: 'date', given, usage: '/snooze 3d' }
    return { kind: 'item-snoozed', item, until: calendar.add(at, length.duration) }
  },
})

export const wontfix = row({
  usage: '/wontfix <reason>',
  does: 'Ends an action item without doing it.',
  ...onItem,
  examples: ['/wontfix The service is switched off in March'],
  read: (args) => ({ reason: requireText(args) }),
  itemFact: ({ reason }, { item }) => ({ kind: 'item-declined', item, reason }),
})

export const assign = row({
  usage: '/assign @user',
  does: 'Gives an action item to somebody else.',
  ...onItem,
  shared: true,
  examples: ['/assign @bo'],
  read: (args) => ({ user: requireLogin(args) }),
  mention: ({ user }) => mentionOf(user),
  mentionUsage: '/assign @user',
  itemFact: ({ user }, { item }) => ({ kind: 'item-changed', item, owner: user }),
})
