// `/note`: a person's own entry in the timeline, now or at an earlier moment.
import { requireText } from './arguments/arguments.ts'
import { takeTime } from './arguments/times.ts'
import { row } from './row.ts'

export const note = row({
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
  read(args) {
    args.skipEmptyLine()
    const time = takeTime(args)
    return { time, text: requireText(args) }
  },
  fact({ time: given, text }, { calendar, at }) {
    if (given === undefined) return { kind: 'noted', text }
    const time = calendar.parseTime(given, at)
    if (time === null || time > at) return { code: 'time', given, usage: '/note 10:45 <text>' }
    return { kind: 'noted', text, time }
  },
})
