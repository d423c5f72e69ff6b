// What the template `refusal` is filled with where a command cannot be read: one comment for each thing that can be wrong.
import { type CommandLine, parse } from '../../src/command/comment/parse.ts'
import type { View } from '../../src/templates/templates.ts'
import { refusalView } from '../../src/texts/refusal.ts'

const BODIES = [
  ...['/update', '/lead ada', '/lead @acme/leads', '/page @', '/page', '/sev', '/status', '/cancel', '/role'],
  ...['/set', '/type', '/service', '/suspect', '/hide x', '/bridge', '/snooze soon', '/due'],
  ...[
    '/action due:soon Alarm',
    '/set started',
    '/declare --since soon',
    '/declare --since 10:00 --resolved x',
  ],
  ...['/declare --resolved 10:10', '/note 2025-02-30 10:00 stopped', '/note 25:10 stopped'],
  ...['/note 10:00+19:00 slow', '/note 10:00-11:00 slow', '/set started 10:20 yesterday'],
  ...['/update --pubic Search is back', '/lead @a\u200bda', `/sev ${'P'.repeat(101)}`, '/deploy staging'],
  ...['/approve cancel', '/status resolved', '/status triage', '/status closed', '/status great'],
  ...['/lead ``` @bo `` <!--', '/stauts fixing', '/incident frobnicate', `${'/ack\n'.repeat(100)}/sev P1`],
]

function viewOf(line: CommandLine | undefined): View {
  if (line && 'mistake' in line) return refusalView({ code: 'mistake', given: line.given, ...line.mistake })
  if (line && 'unknown' in line)
    return refusalView({ code: 'unknown', given: line.given, near: line.usage ?? '' })
  throw new TypeError('nothing is wrong with it')
}

export const mistakes: readonly View[] = BODIES.map((body) => viewOf(parse(body).at(-1)))
