// The table of commands: the parser, `/help` and the README's table all come from these rows.
import type { Command, Verb } from '../incident/command.ts'
import { readAction } from './slash-action.ts'
import {
  type Arguments,
  optionalDuration,
  optionalLogin,
  requireEntry,
  requireLogin,
  requireName,
  requireNumber,
  requireText,
  requireUrl,
  Wrong,
} from './slash-arguments.ts'
import {
  alone,
  type Context,
  readCancel,
  readDeclare,
  readServices,
  readSet,
  readStatus,
  readUpdate,
  unbracketed,
} from './slash-read.ts'
import { dateOf, takeTime } from './slash-times.ts'

/** What GitHub must say of the sender: `none` is everyone. */
export type Right = 'none' | 'read' | 'triage' | 'write'

/** Where a command has its meaning: `item` is an action item's issue, `review` a review's. */
export type Where = 'anywhere' | 'incident' | 'item' | 'review'

export type Row = {
  usage: string
  /** One plain sentence. */
  does: string
  right: Right
  /** Where another right is asked: `when` says it in words. */
  unless?: {
    right: Right
    when: string
    applies: (command: Command, repository: { private: boolean }) => boolean
  }
  where: Where
  /** Understood, but its work is not built: said plainly instead of a silence that looks like success. */
  notYet?: true
  aliases?: readonly string[]
  /** Whole commands; the first one is shown to who got it wrong. */
  examples: readonly [string, ...string[]]
  /** @throws Wrong with what a person must write instead. */
  read: (args: Arguments, context: Context) => Command
}

const ofIncident = { right: 'triage', where: 'incident' } as const
const ofItem = { right: 'triage', where: 'item' } as const

export const TABLE: { readonly [V in Verb]: Row } = {
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
  lead: {
    usage: '/lead [@user]',
    does: 'Makes somebody, or the sender, the lead.',
    ...ofIncident,
    examples: ['/lead @ada', '/lead'],
    read: (args) => {
      const user = optionalLogin(args)
      return { verb: 'lead', ...(user && { user }) }
    },
  },
  role: {
    usage: '/role <role> @user',
    does: 'Gives somebody, or the sender, a role.',
    ...ofIncident,
    examples: ['/role comms @bo', '/role scribe'],
    read: (args) => {
      const before = args.words(1)[0]?.startsWith('@') ? requireLogin(args) : undefined
      const role = requireName(args, 'a role').toLowerCase()
      const user = before ?? optionalLogin(args)
      return { verb: 'role', role, ...(user && { user }) }
    },
  },
  handover: {
    usage: '/handover @user [note]',
    does: 'Hands the lead over.',
    ...ofIncident,
    examples: ['/handover @bo', '/handover @bo the hotfix waits for its review'],
    read: (args) => {
      const user = requireLogin(args)
      const note = args.text()
      return { verb: 'handover', user, ...(note && { note }) }
    },
  },
  update: {
    usage: '/update [--public] <text>',
    does: 'Tells stakeholders where things stand and resets the update clock.',
    right: 'triage',
    unless: {
      right: 'write',
      when: 'with `--public`',
      applies: (command) => command.verb === 'update' && command.public,
    },
    where: 'incident',
    examples: ['/update The fix is being deployed', '/update --public Search is back'],
    read: readUpdate,
  },
  note: {
    usage: '/note [time] <text>',
    does: 'Adds a timeline entry, at `10:45`, `2025-12-18 10:45 CET` or `-15m`.',
    right: 'triage',
    unless: {
      right: 'read',
      when: 'on a private repository',
      applies: (_, repository) => repository.private,
    },
    where: 'incident',
    examples: [
      '/note 10:45 script stopped',
      '/note Access refused at "delete index"',
      '/note -15m first alert',
    ],
    read: (args) => {
      args.skipEmptyLine()
      const time = takeTime(args)
      const words = requireText(args)
      return { verb: 'note', ...(time && { time }), text: words }
    },
  },
  amend: {
    usage: '/amend <n> <text>',
    does: 'Rewrites timeline entry _n_.',
    ...ofIncident,
    examples: ['/amend 3 The script stopped by itself'],
    read: (args) => ({ verb: 'amend', entry: requireEntry(args), text: requireText(args) }),
  },
  hide: {
    usage: '/hide <n>',
    does: 'Hides timeline entry _n_.',
    ...ofIncident,
    examples: ['/hide 3'],
    read: (args) => ({ verb: 'hide', entry: requireEntry(args) }),
  },
  show: {
    usage: '/show <n>',
    does: 'Shows a hidden timeline entry again.',
    ...ofIncident,
    examples: ['/show 3'],
    read: (args) => ({ verb: 'show', entry: requireEntry(args) }),
  },
  set: {
    usage: '/set <milestone> <time>',
    does: 'Corrects a milestone.',
    ...ofIncident,
    examples: ['/set started 10:10', '/set mitigated 2025-12-18 10:45 CET', '/set cost 4,000 EUR'],
    read: readSet,
  },
  impact: {
    usage: '/impact <text>',
    does: 'Says what customers notice.',
    ...ofIncident,
    examples: ['/impact Search answers from a stale index; nothing lost so far'],
    read: (args) => ({ verb: 'impact', text: requireText(args) }),
  },
  service: {
    usage: '/service api, web',
    does: 'Names the affected services.',
    ...ofIncident,
    aliases: ['services'],
    examples: ['/service api, web'],
    read: readServices,
  },
  type: {
    usage: '/type security',
    does: "Sets the incident's type, with its checklist and runbook.",
    ...ofIncident,
    examples: ['/type security'],
    read: (args) => ({ verb: 'type', type: requireName(args, 'a type') }),
  },
  bridge: {
    usage: '/bridge <url>',
    does: 'Records where people talk.',
    ...ofIncident,
    examples: ['/bridge https://meet.example.com/incident'],
    read: (args) => ({ verb: 'bridge', url: requireUrl(args) }),
  },
  cause: {
    usage: '/cause <text>',
    does: 'Records the root cause; the incident is identified.',
    ...ofIncident,
    examples: ['/cause The index was renamed without its alias'],
    read: (args) => ({ verb: 'cause', text: requireText(args) }),
  },
  suspect: {
    notYet: true,
    usage: '/suspect #12',
    does: 'Adds a pull request to the suspects.',
    ...ofIncident,
    examples: ['/suspect #12'],
    read: (args) => ({ verb: 'suspect', number: requireNumber(args, { verb: 'suspect' }) }),
  },
  clear: {
    notYet: true,
    usage: '/clear #12',
    does: 'Clears a suspect.',
    ...ofIncident,
    examples: ['/clear #12'],
    read: (args) => ({ verb: 'clear', number: requireNumber(args, { verb: 'clear' }) }),
  },
  page: {
    notYet: true,
    usage: '/page @user-or-team-or-service [text]',
    does: 'Escalates by hand.',
    ...ofIncident,
    examples: ['/page @acme/on-call', '/page @ada The database needs you', '/page api'],
    read: (args) => {
      const target = requireName(args, 'a person, a team or a service')
      if (target.startsWith('@') && !/^@[\w-]+(?:\/[\w.-]+)?$/.test(target))
        throw new Wrong('person', 'needs a person, a team or a service')
      const words = args.text()
      return { verb: 'page', target, ...(words && { text: words }) }
    },
  },
  hotfix: {
    usage: '/hotfix [title]',
    does: 'Opens a branch and a draft pull request for the fix.',
    right: 'write',
    where: 'incident',
    examples: ['/hotfix', '/hotfix Restore the search alias'],
    read: (args) => {
      const title = args.takeLine()
      return { verb: 'hotfix', ...(title && { title }) }
    },
  },
  revert: {
    notYet: true,
    usage: '/revert #12',
    does: 'Opens a pull request that reverts another.',
    right: 'write',
    where: 'incident',
    examples: ['/revert #12'],
    read: (args) => ({ verb: 'revert', number: requireNumber(args, { verb: 'revert' }) }),
  },
  deploy: {
    notYet: true,
    usage: '/deploy',
    does: 'Deploys the affected services, as configured.',
    right: 'write',
    where: 'incident',
    examples: ['/deploy'],
    read: (args) => alone(args, { verb: 'deploy' }),
  },
  rollback: {
    notYet: true,
    usage: '/rollback',
    does: 'Rolls the affected services back, as configured.',
    right: 'write',
    where: 'incident',
    examples: ['/rollback'],
    read: (args) => alone(args, { verb: 'rollback' }),
  },
  verify: {
    notYet: true,
    usage: '/verify',
    does: 'Checks the health of the affected services.',
    ...ofIncident,
    examples: ['/verify'],
    read: () => ({ verb: 'verify' }),
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
      '/action @eli due:2026-12-01 P1 Alarm on document count',
      '/action [short] Runbook for network work in:acme/infra',
    ],
    read: (args) => ({ verb: 'action', ...readAction(args) }),
  },
  due: {
    usage: '/due <date>',
    does: 'Moves the day an action item is due.',
    ...ofItem,
    examples: ['/due 2026-12-01', '/due friday', '/due 5bd'],
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
  summary: {
    notYet: true,
    usage: '/summary',
    does: 'Answers with an executive summary.',
    ...ofIncident,
    examples: ['/summary'],
    read: () => ({ verb: 'summary' }),
  },
  report: {
    notYet: true,
    usage: '/report [30d]',
    does: 'Answers with the report of a period.',
    right: 'triage',
    where: 'anywhere',
    examples: ['/report 30d', '/report'],
    read: (args) => {
      const period = optionalDuration(args)
      return { verb: 'report', ...(period && { period }) }
    },
  },
  help: {
    usage: '/help',
    does: 'Lists the commands.',
    right: 'none',
    where: 'anywhere',
    examples: ['/help'],
    read: () => ({ verb: 'help' }),
  },
}
