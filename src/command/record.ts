// The commands that tell what is known: updates, notes, times and facts.
import { requireEntry, requireName, requireText, requireUrl } from './arguments/arguments.ts'
import { takeTime } from './arguments/times.ts'
import { readServices, readSet, readUpdate } from './read.ts'
import { ofIncident, type Rows } from './row.ts'

export const RECORD = {
  update: {
    usage: '/update [--public] <text>',
    does: 'Tells stakeholders where things stand and resets the update clock.',
    right: 'triage',
    unless: {
      right: 'write',
      when: 'with `--public`',
      applies: (_, command) => command?.verb === 'update' && command.public,
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
      applies: (repository) => repository.private,
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
} satisfies Rows
