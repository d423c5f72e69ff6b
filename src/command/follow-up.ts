// The commands after an incident: its review and its action items.
import { readAction } from './arguments/action-line.ts'
import { optionalDuration, requireLogin, requireText, Wrong } from './arguments/arguments.ts'
import { dateOf } from './arguments/times.ts'
import { ofIncident, ofItem, type Rows } from './row.ts'

export const FOLLOW_UP = {
  review: {
    usage: '/review',
    does: 'Opens the review where the severity leaves it to people.',
    ...ofIncident,
    examples: ['/review'],
    read: () => ({ verb: 'review' }),
  },
  waive: {
    usage: '/waive <reason>',
    does: 'Ends the review as it is.',
    right: 'write',
    where: 'review',
    examples: ['/waive A drill found the same last week'],
    read: (args) => ({ verb: 'waive', reason: requireText(args) }),
  },
  approve: {
    usage: '/approve',
    does: 'Approves the review.',
    right: 'write',
    where: 'review',
    examples: ['/approve'],
    // Other bots withdraw an approval so; here it must not give one.
    read: (args) => {
      if (/^(?:cancel|no)\b/i.test(args.line()))
        throw new Wrong('argument', 'takes nothing back; to go on with the incident', '/reopen <why>')
      return { verb: 'approve' }
    },
  },
  action: {
    usage: '/action [@owner] [due:2026-12-01] [P1] [short] <text>',
    does: 'Adds an action item, any time.',
    ...ofIncident,
    examples: [
      '/action @eli due:14d P1 Alarm on document count',
      '/action [short] Runbook for network work in:acme/infra',
    ],
    read: (args) => ({ verb: 'action', ...readAction(args) }),
  },
  due: {
    usage: '/due <date>',
    does: 'Moves the day an action item is due.',
    ...ofItem,
    examples: ['/due 14d', '/due 2026-12-01', '/due friday', '/due 5bd'],
    read: (args) => {
      const date = dateOf(args.word() ?? '')
      if (!date) throw new Wrong('date', 'needs a date')
      return { verb: 'due', date }
    },
  },
  snooze: {
    usage: '/snooze <duration>',
    does: 'Moves the next reminder.',
    ...ofItem,
    examples: ['/snooze 3d', '/snooze 5bd'],
    read: (args) => {
      if (/^for\s/i.test(args.line())) args.skip(1)
      const duration = optionalDuration(args)
      if (!duration) throw new Wrong('duration', 'needs a duration')
      return { verb: 'snooze', duration }
    },
  },
  wontfix: {
    usage: '/wontfix <reason>',
    does: 'Ends an action item without doing it.',
    ...ofItem,
    examples: ['/wontfix The service is switched off in March'],
    read: (args) => ({ verb: 'wontfix', reason: requireText(args) }),
  },
  assign: {
    usage: '/assign @user',
    does: 'Gives an action item to somebody else.',
    ...ofItem,
    examples: ['/assign @bo'],
    read: (args) => ({ verb: 'assign', user: requireLogin(args) }),
  },
} satisfies Rows
