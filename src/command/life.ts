// The commands that move an incident through its life: declared, moved, ended.
import { requireName, requireNumber } from './arguments/arguments.ts'
import { readCancel, readDeclare, readStatus, unbracketed } from './read.ts'
import { ofIncident, type Rows } from './row.ts'

export const LIFE = {
  declare: {
    usage: '/declare [sev] [summary]',
    does: 'Declares an incident on this issue.',
    right: 'triage',
    where: 'anywhere',
    examples: ['/declare P1 Search answers from a stale index', '/declare --since "2025-12-18 10:10"'],
    read: readDeclare,
  },
  accept: {
    usage: '/accept',
    does: 'Confirms an incident that waits in triage.',
    ...ofIncident,
    examples: ['/accept'],
    read: () => ({ verb: 'accept' }),
  },
  drill: {
    usage: '/drill',
    does: 'Marks the incident as an exercise, or declares one.',
    right: 'triage',
    where: 'anywhere',
    examples: ['/drill'],
    read: () => ({ verb: 'drill' }),
  },
  ack: {
    usage: '/ack',
    does: 'Acknowledges; the sender leads if nobody does.',
    ...ofIncident,
    aliases: ['acknowledge'],
    examples: ['/ack'],
    read: () => ({ verb: 'ack' }),
  },
  sev: {
    usage: '/sev P1 [reason]',
    does: 'Sets the severity.',
    ...ofIncident,
    aliases: ['severity'],
    examples: ['/sev P1', '/sev P0 customers cannot log in'],
    read: (args) => {
      const severity = unbracketed(requireName(args, 'a severity'))
      const reason = args.text()
      return { verb: 'sev', severity, ...(reason && { reason }) }
    },
  },
  status: {
    usage: '/status <status> [note]',
    does: 'Moves the incident to `investigating`, `identified`, `fixing` or `monitoring`.',
    ...ofIncident,
    examples: ['/status monitoring', '/status identified the index was renamed without its alias'],
    read: readStatus,
  },
  resolve: {
    usage: '/resolve [summary]',
    does: 'Ends the incident; its review begins.',
    ...ofIncident,
    examples: ['/resolve', '/resolve The alias is restored'],
    read: (args) => {
      const summary = args.text()
      return { verb: 'resolve', ...(summary && { summary }) }
    },
  },
  reopen: {
    usage: '/reopen <why>',
    does: 'Takes a resolved incident up again.',
    ...ofIncident,
    examples: ['/reopen Errors are back since 11:20'],
    read: (args) => {
      const why = args.text()
      return { verb: 'reopen', ...(why && { why }) }
    },
  },
  cancel: {
    usage: '/cancel <reason> [text]',
    does: 'Ends what was no incident: `duplicate`, `false-alarm`, `superseded`, `external` or `other`.',
    ...ofIncident,
    examples: ['/cancel false-alarm', '/cancel external The outage is at our provider'],
    read: readCancel,
  },
  duplicate: {
    usage: '/duplicate of #n',
    does: 'Cancels this incident as a duplicate of another.',
    ...ofIncident,
    examples: ['/duplicate of #12'],
    read: (args) => ({
      verb: 'duplicate',
      number: requireNumber(args, { verb: 'duplicate', prefixes: ['of'] }),
    }),
  },
  related: {
    usage: '/related #n',
    does: 'Links another incident.',
    ...ofIncident,
    examples: ['/related #12'],
    read: (args) => ({ verb: 'related', number: requireNumber(args, { verb: 'related', prefixes: ['to'] }) }),
  },
} satisfies Rows
