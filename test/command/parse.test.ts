// Commands in comments: ugly bodies, every row of the table, hostile input.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  answerable,
  type CommandLine,
  isCommandCandidate,
  type Mistake,
  parse,
  type Where,
} from '../../src/command/comment/parse.ts'
import { commandsFor, commandsTable } from '../../src/command/table/help.ts'
import { rightFor, rows } from '../../src/command/table/table.ts'
import { type FlatCommand as Command, command, flat } from './flat.ts'

/** Each line in short: the command itself, `!verb` for a mistake, `?verb` for an unknown one, `?verb>near`. */
function told(body: string): (Command | string)[] {
  return parse(body).map((line) => {
    if ('command' in line) return flat(line.command)
    if ('mistake' in line) return `!${line.mistake.verb}`
    return `?${line.unknown}${line.near ? `>${line.near}` : ''}`
  })
}

function mistake(body: string): Mistake {
  const [line] = parse(body)
  if (!line || !('mistake' in line)) throw new Error(`no mistake: ${body}`)
  return line.mistake
}

function only(body: string): CommandLine {
  const [line] = parse(body)
  if (!line) throw new Error(`no line: ${body}`)
  return line
}

const ack: Command = { verb: 'ack' }

describe('where a command stands', () => {
  it.each<[string, string, (Command | string)[]]>([
    ['alone', '/ack', [ack]],
    ['in any case', '/ACK', [ack]],
    ['after three spaces', '   /ack', [ack]],
    ['with blanks behind', '/ack \t ', [ack]],
    ['with an invisible blank behind', '/ack\u200b', [ack]],
    ['after other text', 'I take this.\n/ack\nMore in a minute.', [ack]],
    ['with Windows lines', 'hello\r\n/ack\r\n/drill\r\n', [ack, { verb: 'drill' }]],
    ['with old Mac lines', '/ack\r/drill', [ack, { verb: 'drill' }]],
    ['below a closed fence', '```\n/drill\n```\n/ack', [ack]],
    ['below a quote and an empty line', '> /drill\n\n/ack', [ack]],
    ['below a comment', '<!-- /drill -->\n/ack', [ack]],
    ['below a long comment', '<!--\n/drill\n\n/drill\n-->\n/ack', [ack]],
    ['below a list', '- first\n- second\n/ack', [ack]],
    ['in a fold', '<details>\n\n/ack\n</details>', [ack]],
    ['below a heading', '# Status\n/ack', [ack]],
    ['below a lone backtick', 'the ` key\n/ack', [ack]],
    ['below code in its line', 'use `/drill` here\n/ack', [ack]],
    ['below an escaped backtick', 'a \\`\n/ack\nb `', [ack]],
    ['below a comment that never ends in its paragraph', 'a <!-- b\n/ack', [ack]],
    ['after a fence that its list item has ended', '- a\n  ```\n  /drill\n/ack', [ack]],
    ['after a fence in a quote', '> ```\n> /drill\n\n/ack', [ack]],
    ['twice', '/ack\n/ack', [ack, ack]],
  ])('is read %s', (_, body, expected) => {
    expect(told(body)).toEqual(expected)
  })

  it.each([
    ['in a fence', '```\n/ack\n```'],
    ['in a fence of tildes', '~~~ sh\n/ack\n~~~'],
    ['in a fence that nothing closes', '```\n/ack'],
    ['in a fence that a shorter one does not close', '````\n```\n/ack\n````'],
    ['in a fence that the other mark does not close', '```\n~~~\n/ack'],
    ['in an indented fence', '  ```\n  /ack\n  ```'],
    ['in a fence with Windows lines', '```\r\n/ack\r\n```\r\n'],
    ['in a fence of a list item', '- run:\n  ```\n  /ack\n  ```'],
    ['in a fence of a numbered item', '1. run:\n\n   ```\n   /ack\n\n   /ack\n   ```'],
    ['after four spaces', 'see:\n\n    /ack'],
    ['after a tab', '\t/ack'],
    ['in a quote', '> /ack'],
    ['in a quote of a quote', '>> /ack\n> /ack'],
    ['in the paragraph of a quote that goes on', '> testing citations\n/ack'],
    ['in a quote of a list item', '- > quoted\n/ack'],
    ['in an HTML quote', '<blockquote>\n\n/ack\n\n</blockquote>'],
    ['in preformatted HTML', '<pre>\n/ack\n</pre>'],
    ['in a comment', '<!--\n/ack\n-->'],
    ['in a comment that nothing closes', '<!--\n\n/ack'],
    ['in a comment within a paragraph', 'text <!-- of a template\n/ack\n--> text'],
    ['in inline code over lines', 'text `code\n/ack\ncode` text'],
    ['in inline code of two marks', '``a ` b\n/ack\n``'],
    ['in inline code', '`/ack`'],
    ['as a list item', '- /ack'],
    ['as a numbered item', '1. /ack'],
    ['in the middle of a line', 'please /ack'],
    ['as a path', '/etc/hosts'],
    ['before a full stop', '/ack.'],
    ['with a colon', '/ack: now'],
    ['with a hidden character inside', '/a\u200bck'],
    ['behind a direction mark', '\u202e/ack'],
    ['with digits', '/ack2'],
    ['after two slashes', '//ack'],
    ['alone as a slash', '/ ack'],
    ['in the original of an e-mail', 'Thanks\n\n-----Original Message-----\nFrom: Ada\n\n/ack'],
    ['in the original of an Outlook e-mail', `Thanks\n\n${'_'.repeat(32)}\nFrom: Ada\nSent: Monday\n\n/ack`],
    ['in the quote of an e-mail', 'Thanks\n\nOn Mon, 5 Jan 2026, Ada wrote:\n\n> see\n> /ack\n> -- \n> Ada'],
    ['below a directory', '/tmp is full\nand so is /var'],
    ['in nothing', ''],
  ])('is not read %s', (_, body) => {
    expect(told(body)).toEqual([])
  })

  it('takes the text up to the next command, code and quotes included', () => {
    const body =
      '/update It is slow.\r\n\r\n> a log\r\n\r\n```\r\n/resolve\r\n```\r\n\r\n/tmp is full.\r\n/lgtm\r\n/ack'
    expect(told(body)).toEqual([
      {
        verb: 'update',
        text: 'It is slow.\n\n> a log\n\n```\n/resolve\n```\n\n/tmp is full.',
        public: false,
      },
      '?lgtm',
      ack,
    ])
  })

  it('says on which line it stood', () => {
    expect(parse('a\r\n\r\n/ack\n\n/drill').map(({ line }) => line)).toEqual([2, 4])
  })

  it('keeps what people see in a text and makes it safe to store', () => {
    expect(told('/note ﬁne 👩\u200d💻 \ud800 a\0b')).toEqual([
      { verb: 'note', text: 'ﬁne 👩\u200d💻 \ufffd a\ufffdb' },
    ])
  })

  it('reads nothing behind 65,536 characters', () => {
    const filler = `${'x'.repeat(65_530)}\n`
    expect(told(`${filler}/ack`)).toEqual([ack])
    expect(told(`${filler}x\n/ack`)).not.toContainEqual(ack)
  })

  it('reads at most a hundred commands, and says what it left', () => {
    const lines = parse(`${'/ack\n'.repeat(99)}/note the last\n/lgtm\n/sev P1\n/resolve`)
    expect(lines).toHaveLength(101)
    expect(lines[99]).toMatchObject({ command: { verb: 'note', said: { text: 'the last' } } })
    expect(lines[100]).toMatchObject({
      line: 101,
      mistake: {
        verb: 'sev',
        problem: 'too-many',
      },
    })
  })

  it('reads a command below any number of lines that only look like one', () => {
    expect(told(`${'/tmp is full\n'.repeat(200)}${'/frobnicated now\n'.repeat(200)}/ack`)).toEqual([ack])
  })
})

describe('/incident', () => {
  it.each<[string, (Command | string)[]]>([
    ['/incident ack', [ack]],
    ['/Incident ACK', [ack]],
    ['/incident /ack', [ack]],
    ['/incident sev P1 because', [{ verb: 'sev', severity: 'P1', reason: 'because' }]],
    ['/incident note a\n\nb', [{ verb: 'note', text: 'a\n\nb' }]],
    ['/incident', [{ verb: 'help' }]],
    ['/incident frobnicate', ['?frobnicate']],
    ['/incident stauts', ['?stauts>status']],
    ['/incident lgtm', ['?lgtm']],
    ['/incident tmp', ['?tmp>type']],
    ['/incidnet ack', ['?incidnet>ack']],
  ])('%j', (body, expected) => {
    expect(told(body)).toEqual(expected)
  })
})

describe('near misses', () => {
  it.each([
    ['/stauts', 'status'],
    ['/resolv', 'resolve'],
    ['/rollbak', 'rollback'],
    ['/hotfx', 'hotfix'],
    ['/akc', 'ack'],
    ['/upddate', 'update'],
    ['/sve P1', 'sev'],
    ['/declair', 'declare'],
    ['/snoze', 'snooze'],
    ['/hand-over @bo', 'handover'],
    ['/wont-fix no', 'wontfix'],
  ])('%s is near %s', (body, verb) => {
    expect(only(body)).toMatchObject({ near: verb })
  })

  it.each(['/frobnicate', '/foo', '/thanks all', '/x', '/me waves', '/--'])('%s is text', (body) => {
    expect(told(body)).toEqual([])
  })

  it.each([
    '/lgtm',
    '/hold',
    '/close',
    '/test all',
    '/cc @bo',
    '/kind bug',
    '/retest',
    '/area x',
    '/merge',
    '/label',
  ])('%s belongs to another bot', (body) => {
    const line = only(body)
    expect(line).not.toHaveProperty('near')
    expect(line).toHaveProperty('unknown')
    expect(
      ['incident', 'hotfix', 'related', 'elsewhere'].some((place) => answerable(line, place as Where)),
    ).toBe(false)
  })

  it('says the right form', () => {
    expect(only('/stauts fixing')).toMatchObject({
      given: '/stauts fixing',
      usage: '/status <status> [note]',
    })
    expect(only('/incident frobnicate')).toMatchObject({
      given: '/incident frobnicate',
      unknown: 'frobnicate',
    })
  })
})

describe('which lines are answered where', () => {
  it.each<[string, { [place in Where]: boolean }]>([
    ['/declare', { incident: true, hotfix: true, related: true, elsewhere: true }],
    ['/drill', { incident: true, hotfix: true, related: true, elsewhere: true }],
    ['/ack', { incident: true, hotfix: true, related: true, elsewhere: false }],
    ['/help', { incident: true, hotfix: true, related: true, elsewhere: false }],
    ['/snooze soon', { incident: true, hotfix: true, related: true, elsewhere: false }],
    ['/declare --since soon', { incident: true, hotfix: true, related: true, elsewhere: true }],
    ['/stauts', { incident: true, hotfix: true, related: true, elsewhere: false }],
    ['/declar', { incident: true, hotfix: true, related: true, elsewhere: false }],
    ['/incident ack', { incident: true, hotfix: true, related: true, elsewhere: true }],
    ['/incident frobnicate', { incident: true, hotfix: true, related: true, elsewhere: true }],
    ['/incident snooze soon', { incident: true, hotfix: true, related: true, elsewhere: true }],
    ['/assign @bo', { incident: false, hotfix: false, related: true, elsewhere: false }],
    ['/approve', { incident: false, hotfix: false, related: true, elsewhere: false }],
    ['/incident approve', { incident: true, hotfix: true, related: true, elsewhere: true }],
  ])('%s', (body, expected) => {
    const line = only(body)
    const places: Where[] = ['incident', 'hotfix', 'related', 'elsewhere']
    expect(Object.fromEntries(places.map((place) => [place, answerable(line, place)]))).toEqual(expected)
  })
})

describe('the arguments', () => {
  it.each<[string, Command]>([
    ['/declare', { verb: 'declare' }],
    ['/declare P1', { verb: 'declare', severity: 'P1' }],
    ['/declare p0 Search is down\nmore', { verb: 'declare', severity: 'p0', summary: 'Search is down' }],
    ['/declare [P1]: Search is down', { verb: 'declare', severity: 'P1', summary: 'Search is down' }],
    ['/declare SEV-2 – Search', { verb: 'declare', severity: 'SEV-2', summary: 'Search' }],
    ['/declare sev:major Search', { verb: 'declare', severity: 'major', summary: 'Search' }],
    ['/declare Search is down', { verb: 'declare', summary: 'Search is down' }],
    ['/declare web1 is down', { verb: 'declare', summary: 'web1 is down' }],
    ['/declare\n\nSearch is down', { verb: 'declare' }],
    ['/declare --since "2025-12-18 10:10"', { verb: 'declare', since: '2025-12-18 10:10' }],
    ['/declare —since “2025-12-18 10:10”', { verb: 'declare', since: '2025-12-18 10:10' }],
    [
      '/declare --since=„2025–12–18 10:10“ P2',
      { verb: 'declare', severity: 'P2', since: '2025-12-18 10:10' },
    ],
    [
      '/declare P1 Search --since 2025-12-18 10:10 CET is --resolved 2025-12-18T12:00Z down',
      {
        verb: 'declare',
        severity: 'P1',
        summary: 'Search is down',
        since: '2025-12-18 10:10 CET',
        resolved: '2025-12-18 12:00Z',
      },
    ],
    ['/declare --since -2h Search', { verb: 'declare', since: '-2h', summary: 'Search' }],
    ['/declare curl --insecure fails', { verb: 'declare', summary: 'curl --insecure fails' }],
    ['/accept', { verb: 'accept' }],
    ['/drill', { verb: 'drill' }],
    ['/ack looking', ack],
    ['/acknowledge', ack],
    ['/sev P1', { verb: 'sev', severity: 'P1' }],
    ['/sev `P1`', { verb: 'sev', severity: 'P1' }],
    [
      '/sev P0, customers\n\ncannot log in',
      { verb: 'sev', severity: 'P0', reason: 'customers\n\ncannot log in' },
    ],
    ['/severity P1 — worse', { verb: 'sev', severity: 'P1', reason: 'worse' }],
    ['/sev high', { verb: 'sev', severity: 'high' }],
    ['/sev Ｐ１', { verb: 'sev', severity: 'P1' }],
    ['/status Monitoring', { verb: 'status', status: 'monitoring' }],
    ['/status identified: the alias', { verb: 'status', status: 'identified', note: 'the alias' }],
    ['/lead', { verb: 'lead' }],
    ['/lead\nI am on it', { verb: 'lead' }],
    ['/lead @ada, thanks', { verb: 'lead', user: 'ada' }],
    ['/lead @ada–lovelace_corp', { verb: 'lead', user: 'ada-lovelace_corp' }],
    ['/role comms @bo', { verb: 'role', role: 'comms', user: 'bo' }],
    ['/role @bo Comms', { verb: 'role', role: 'comms', user: 'bo' }],
    ['/role scribe', { verb: 'role', role: 'scribe' }],
    ['/handover @bo', { verb: 'handover', user: 'bo' }],
    ['/handover @bo the hotfix waits', { verb: 'handover', user: 'bo', note: 'the hotfix waits' }],
    ['/update Still slow', { verb: 'update', text: 'Still slow', public: false }],
    ['/update\nStill slow', { verb: 'update', text: 'Still slow', public: false }],
    ['/update --public Still slow', { verb: 'update', text: 'Still slow', public: true }],
    ['/update —public\n\nStill slow', { verb: 'update', text: 'Still slow', public: true }],
    ['/update Still slow --public', { verb: 'update', text: 'Still slow', public: true }],
    ['/update Still slow –PUBLIC\n\nMore', { verb: 'update', text: 'Still slow\n\nMore', public: true }],
    ['/update we made --public work', { verb: 'update', text: 'we made --public work', public: false }],
    ['/note stopped', { verb: 'note', text: 'stopped' }],
    ['/note 10:45 stopped', { verb: 'note', time: '10:45', text: 'stopped' }],
    ['/note\n9:05 stopped', { verb: 'note', time: '09:05', text: 'stopped' }],
    ['/note 10:45: stopped', { verb: 'note', time: '10:45', text: 'stopped' }],
    ['/note 10:45\nstopped', { verb: 'note', time: '10:45', text: 'stopped' }],
    ['/note 10:45:30 stopped', { verb: 'note', time: '10:45:30', text: 'stopped' }],
    ['/note 10:45Z stopped', { verb: 'note', time: '10:45Z', text: 'stopped' }],
    ['/note 10:45 utc stopped', { verb: 'note', time: '10:45 UTC', text: 'stopped' }],
    ['/note 10:45 +02:00 stopped', { verb: 'note', time: '10:45+02:00', text: 'stopped' }],
    ['/note 10:45+0200 stopped', { verb: 'note', time: '10:45+02:00', text: 'stopped' }],
    ['/note 10:45-05:00 stopped', { verb: 'note', time: '10:45-05:00', text: 'stopped' }],
    ['/note 10:45 PDT, stopped', { verb: 'note', time: '10:45 PDT', text: 'stopped' }],
    ['/note 10:45 pm stopped', { verb: 'note', time: '22:45', text: 'stopped' }],
    ['/note 12:05am EST stopped', { verb: 'note', time: '00:05 EST', text: 'stopped' }],
    ['/note 2025-12-18 10:45 stopped', { verb: 'note', time: '2025-12-18 10:45', text: 'stopped' }],
    ['/note 2025/12/18 10:45 CEST stopped', { verb: 'note', time: '2025-12-18 10:45 CEST', text: 'stopped' }],
    ['/note -15m stopped', { verb: 'note', time: '-15m', text: 'stopped' }],
    ['/note –15m stopped', { verb: 'note', time: '-15m', text: 'stopped' }],
    ['/note −90min stopped', { verb: 'note', time: '-90m', text: 'stopped' }],
    ['/note -15 connections dropped', { verb: 'note', text: '-15 connections dropped' }],
    ['/note 2025-12-18 was worse', { verb: 'note', text: '2025-12-18 was worse' }],
    ['/note 16:9 screens', { verb: 'note', text: '16:9 screens' }],
    ['/note the time is 10:45', { verb: 'note', text: 'the time is 10:45' }],
    ['/amend 3 stopped by itself', { verb: 'amend', entry: 3, text: 'stopped by itself' }],
    ['/amend #3: stopped\nby itself', { verb: 'amend', entry: 3, text: 'stopped\nby itself' }],
    ['/hide 3', { verb: 'hide', entry: 3 }],
    ['/show #12', { verb: 'show', entry: 12 }],
    ['/set started 10:10', { verb: 'set', milestone: 'started', value: '10:10' }],
    ['/set Mitigated “2025-12-18 10:10”', { verb: 'set', milestone: 'mitigated', value: '2025-12-18 10:10' }],
    ['/set resolved now', { verb: 'set', milestone: 'resolved', value: 'now' }],
    ['/set cost 4,000 EUR', { verb: 'set', milestone: 'cost', value: '4,000 EUR' }],
    ['/impact Nothing\nlost', { verb: 'impact', text: 'Nothing\nlost' }],
    ['/service api, web', { verb: 'service', services: ['api', 'web'] }],
    ['/services api web,api\nmore', { verb: 'service', services: ['api', 'web'] }],
    ['/type security', { verb: 'type', type: 'security' }],
    ['/bridge https://meet.example.com/a?b=c–d', { verb: 'bridge', url: 'https://meet.example.com/a?b=c–d' }],
    ['/bridge <https://meet.example.com/a>', { verb: 'bridge', url: 'https://meet.example.com/a' }],
    ['/cause the alias', { verb: 'cause', text: 'the alias' }],
    ['/suspect #12', { verb: 'suspect', number: 12 }],
    ['/clear 12', { verb: 'clear', number: 12 }],
    ['/page @ada', { verb: 'page', target: '@ada' }],
    ['/page @acme/on-call come', { verb: 'page', target: '@acme/on-call', text: 'come' }],
    ['/page api', { verb: 'page', target: 'api' }],
    ['/hotfix', { verb: 'hotfix' }],
    ['/hotfix Restore the alias\n\nnow', { verb: 'hotfix', title: 'Restore the alias' }],
    ['/revert #12', { verb: 'revert', number: 12 }],
    ['/deploy', { verb: 'deploy' }],
    ['/deploy\n\nfingers crossed', { verb: 'deploy' }],
    ['/rollback', { verb: 'rollback' }],
    ['/verify', { verb: 'verify' }],
    ['/RESOLVE', { verb: 'resolve' }],
    ['/resolve all\n\nis well', { verb: 'resolve', summary: 'all\n\nis well' }],
    ['/reopen', { verb: 'reopen' }],
    ['/reopen it is back', { verb: 'reopen', why: 'it is back' }],
    ['/cancel false-alarm', { verb: 'cancel', reason: 'false-alarm' }],
    ['/cancel False alarm, sorry', { verb: 'cancel', reason: 'false-alarm', text: 'sorry' }],
    ['/cancel false‑alarm', { verb: 'cancel', reason: 'false-alarm' }],
    ['/cancel other: not ours', { verb: 'cancel', reason: 'other', text: 'not ours' }],
    ['/duplicate of #12', { verb: 'duplicate', number: 12 }],
    ['/duplicate #12', { verb: 'duplicate', number: 12 }],
    ['/related to #12.', { verb: 'related', number: 12 }],
    ['/review', { verb: 'review' }],
    ['/waive a drill found it', { verb: 'waive', reason: 'a drill found it' }],
    ['/approve thank you', { verb: 'approve' }],
    ['/due 2026-12-01', { verb: 'due', date: '2026-12-01' }],
    ['/due 2026–12–1', { verb: 'due', date: '2026-12-01' }],
    ['/due Friday', { verb: 'due', date: 'friday' }],
    ['/due 5bd', { verb: 'due', date: '5bd' }],
    ['/snooze 3d', { verb: 'snooze', duration: '3d' }],
    ['/snooze 3 days', { verb: 'snooze', duration: '3d' }],
    ['/snooze for 2 business days please', { verb: 'snooze', duration: '2bd' }],
    ['/snooze 1w', { verb: 'snooze', duration: '7d' }],
    ['/wontfix not worth it', { verb: 'wontfix', reason: 'not worth it' }],
    ['/assign @bo', { verb: 'assign', user: 'bo' }],
    ['/summary', { verb: 'summary' }],
    ['/report', { verb: 'report' }],
    ['/report 30d', { verb: 'report', period: '30d' }],
    ['/help', { verb: 'help' }],
    ['/help me', { verb: 'help' }],
  ])('%j', (body, expected) => {
    expect(told(body)).toEqual([expected])
  })

  it("knows the policy's severities where it is given them", () => {
    const [line] = parse('/declare Major Search is down', { severities: ['major', 'minor'] })
    expect(line).toMatchObject({ command: { said: { severity: 'Major', summary: 'Search is down' } } })
  })
})

describe('mistakes', () => {
  it.each<[string, Mistake['problem'], string]>([
    ['/declare --since soon', 'needs-time-after-since', '/declare --since "2025-12-18 10:10"'],
    ['/declare --sicne 10:10', 'unknown-option', '/declare --since <time>'],
    ['/declare --resolved 10:10', 'needs-since', '/declare --since 10:10 --resolved 11:30'],
    ['/sev', 'needs-severity', '/sev P1'],
    ['/sev\nP1', 'needs-severity', '/sev P1'],
    ['/sev P1\u202e', 'invisible', '/sev P1'],
    [`/sev ${'P'.repeat(101)}`, 'too-long', '/sev P1'],
    ['/status', 'needs-status', '/status monitoring'],
    ['/status resolved', 'has-own-command', '/resolve'],
    ['/status Resolved all well', 'has-own-command', '/resolve'],
    ['/status resolve', 'is-none-of', '/resolve'],
    ['/status triage', 'triage-is-for-alerts', '/status investigating'],
    ['/status closed', 'closed-comes-by-itself', '/resolve'],
    ['/status cancelled', 'has-own-command', '/cancel <reason>'],
    ['/status canceled', 'has-own-command', '/cancel <reason>'],
    ['/status montoring', 'is-none-of', '/status monitoring'],
    ['/status great', 'is-none-of', '/status monitoring'],
    ['/lead ada', 'needs-person', '/lead @ada'],
    ['/lead @acme/leads', 'needs-person-not-team', '/lead @ada'],
    ['/lead @a\u200bda', 'invisible', '/lead @ada'],
    ['/lead @-ada', 'needs-person', '/lead @ada'],
    ['/role', 'needs-role', '/role comms @bo'],
    ['/role comms bo', 'needs-person', '/role comms @bo'],
    ['/handover', 'needs-person', '/handover @bo'],
    ['/update', 'needs-text', '/update [--public] <text>'],
    ['/update --public', 'needs-text', '/update [--public] <text>'],
    ['/update --pubic Search is back', 'unknown-option', '/update --public <text>'],
    ['/note', 'needs-text', '/note [time] <text>'],
    ['/note 10:45', 'needs-text', '/note [time] <text>'],
    ['/note 25:10 stopped', 'no-such-time', '/note 10:45 script stopped'],
    ['/note 10:75 stopped', 'no-such-time', '/note 10:45 script stopped'],
    ['/note 13:00 pm stopped', 'no-such-time', '/note 10:45 script stopped'],
    ['/note 2025-02-30 10:00 stopped', 'no-such-day', '/note 10:45 script stopped'],
    ['/note 10:00-11:00 slow', 'span-or-zone', '/note 10:45 script stopped'],
    ['/note 10:00+19:00 slow', 'no-such-zone', '/note 10:45 script stopped'],
    ['/amend', 'needs-entry', '/amend 3 The script stopped by itself'],
    ['/amend three no', 'needs-entry', '/amend 3 The script stopped by itself'],
    ['/amend 3', 'needs-text', '/amend <n> <text>'],
    ['/hide 0', 'needs-entry', '/hide 3'],
    ['/show', 'needs-entry', '/show 3'],
    ['/set', 'needs-milestone', '/set started 10:10'],
    ['/set strated 10:10', 'is-none-of', '/set started 10:10'],
    ['/set lunch 12:00', 'is-none-of', '/set started 10:10'],
    ['/set started', 'needs-time', '/set started 10:10'],
    ['/set started noon', 'needs-time', '/set started 10:10'],
    ['/set started 10:20 yesterday', 'more-than-time', '/set started 10:20'],
    ['/set cost', 'needs-text', '/set <milestone> <time>'],
    ['/impact', 'needs-text', '/impact <text>'],
    ['/service', 'needs-service', '/service api, web'],
    ['/service a\u200bpi', 'invisible', '/service api, web'],
    ['/type', 'needs-type', '/type security'],
    ['/bridge', 'needs-url', '/bridge https://meet.example.com/incident'],
    ['/bridge javascript:alert(1)', 'needs-url', '/bridge https://meet.example.com/incident'],
    ['/bridge https://meet.example.com/\u202ea', 'needs-url', '/bridge https://meet.example.com/incident'],
    ['/cause', 'needs-text', '/cause <text>'],
    ['/suspect', 'needs-number', '/suspect #12'],
    ['/suspect the migration', 'needs-number', '/suspect #12'],
    ['/suspect https://github.com/acme/web/pull/57', 'needs-number', '/suspect #57'],
    ['/clear acme/web#57', 'needs-number', '/clear #57'],
    ['/page', 'needs-target', '/page @acme/on-call'],
    ['/page @', 'needs-target', '/page @acme/on-call'],
    ['/revert', 'needs-number', '/revert #12'],
    ['/revert #0', 'needs-number', '/revert #12'],
    ['/deploy staging', 'takes-nothing', '/deploy'],
    ['/rollback api', 'takes-nothing', '/rollback'],
    ['/cancel', 'needs-reason', '/cancel false-alarm'],
    ['/duplicate', 'needs-number', '/duplicate of #12'],
    ['/duplicate of https://github.com/acme/web/issues/7', 'needs-number', '/duplicate of #7'],
    ['/related', 'needs-number', '/related #12'],
    ['/waive', 'needs-text', '/waive <reason>'],
    ['/approve cancel', 'takes-nothing-back', '/reopen <why>'],
    ['/action', 'needs-text', '/action [@owner] [due:2026-12-01] [P1] [short] <text>'],
    ['/action @eli', 'needs-text', '/action [@owner] [due:2026-12-01] [P1] [short] <text>'],
    ['/action due:soon Alarm', 'needs-date-after-due', '/action @eli due:14d P1 Alarm on document count'],
    ['/due', 'needs-date', '/due 14d'],
    ['/due 2026-02-30', 'needs-date', '/due 14d'],
    ['/due soon', 'needs-date', '/due 14d'],
    ['/snooze', 'needs-duration', '/snooze 3d'],
    ['/snooze soon', 'needs-duration', '/snooze 3d'],
    ['/snooze 0d', 'needs-duration', '/snooze 3d'],
    ['/snooze 3 months', 'needs-duration', '/snooze 3d'],
    ['/wontfix', 'needs-text', '/wontfix <reason>'],
    ['/assign', 'needs-person', '/assign @bo'],
    ['/report monthly', 'needs-duration', '/report 30d'],
  ])('%j', (body, problem, right) => {
    expect(mistake(body)).toMatchObject({ problem, right })
  })

  it('are told on one visible line', () => {
    expect(only('/lead @a\u200bda').given).toBe('/lead @ada')
    expect(only(`/snooze ${'x '.repeat(200)}`).given).toHaveLength(80)
  })

  it('leave the other commands of the comment alone', () => {
    expect(told('/ack\n/snooze soon\n/sev P1')).toEqual([ack, '!snooze', { verb: 'sev', severity: 'P1' }])
  })
})

describe('the table', () => {
  it.each(
    rows().flatMap(({ verb, row }) => row.examples.map((example) => ({ verb, example }))),
  )('reads its example $example', ({ verb, example }) => {
    expect(only(example)).toMatchObject({ command: { verb } })
  })

  it('begins each usage with its verb', () => {
    for (const { verb, row } of rows()) expect(row.usage.split(' ')[0]).toBe(`/${verb}`)
  })

  it('asks for the rights of the table', () => {
    const writes = rows().filter(({ row }) => row.right === 'write')
    expect(writes.map(({ verb }) => verb)).toEqual([
      'hotfix',
      'revert',
      'deploy',
      'rollback',
      'waive',
      'approve',
    ])
    const open = { private: false }
    const closed = { private: true }
    expect(rightFor('help', open).right).toBe('none')
    expect(rightFor('note', open, command({ verb: 'note', text: 'a' })).right).toBe('triage')
    expect(rightFor('note', closed, command({ verb: 'note', text: 'a' })).right).toBe('read')
    expect(rightFor('update', closed, command({ verb: 'update', text: 'a', public: false })).right).toBe(
      'triage',
    )
    expect(rightFor('update', open, command({ verb: 'update', text: 'a', public: true })).right).toBe('write')
    expect(rightFor('declare', closed).right).toBe('triage')
  })

  it('is written as Markdown, a row for each command', () => {
    const lines = commandsTable().split('\n')
    expect(lines).toHaveLength(rows().filter(({ row }) => !('notYet' in row)).length + 2)
    for (const line of lines) expect(line.split('|')).toHaveLength(5)
    expect(lines).toContain('| `/help` | Lists the commands. | everyone |')
  })

  it('shows what means something where it is asked', () => {
    expect(commandsFor('incident').map(({ usage }) => usage)).toContain('/ack')
    expect(commandsFor('item').map(({ usage }) => usage)).toEqual([
      '/due <date>',
      '/snooze <duration>',
      '/wontfix <reason>',
      '/assign @user',
      '/declare [sev] [summary]',
      '/drill',
      '/help',
    ])
  })
})

const pieces = [
  ...rows().flatMap(({ verb, row }) => [`/${verb}`, ...row.examples]),
  ...[
    '/incident',
    '/lgtm',
    '/stauts',
    '/etc/hosts',
    '/',
    '\n',
    '\n\n',
    '\r\n',
    ' ',
    '    ',
    '\t',
    '```',
    '~~~',
    '`',
    '``',
  ],
  ...[
    '> ',
    '- ',
    '1. ',
    '<!--',
    '-->',
    '<pre>',
    '</pre>',
    '\\',
    '"',
    '“',
    '—',
    '--public',
    '--since',
    'due:',
    '@ada',
    '#12',
  ],
  ...['10:45', '2025-12-18', '-15m', '[P1]', '\u200b', '\u202e', '\0', '\ud800', 'text', '# ', '---', '==='],
]
const bodies = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...pieces) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    ),
    {
      maxLength: 30,
    },
  )
  .map((parts) => parts.join(''))

describe('any body', () => {
  it('never throws, and only a candidate holds lines', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const lines = parse(body)
        for (const { given } of lines) expect(given).not.toContain('\n')
        expect(lines.length === 0 || isCommandCandidate(body)).toBe(true)
        expect(JSON.parse(JSON.stringify(lines))).toEqual(lines)
        expect(JSON.stringify(lines).isWellFormed() && !JSON.stringify(lines).includes('\\u0000')).toBe(true)
      }),
      { numRuns: 10_000 },
    )
  })

  it('is read in the same way with Windows lines', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const unix = body.replaceAll(/\r\n?/g, '\n')
        expect(parse(unix.replaceAll('\n', '\r\n'))).toEqual(parse(unix))
      }),
      { numRuns: 1_000 },
    )
  })

  it('asks for nothing when all of it is quoted or in a fence', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const lines = body.split(/\r\n|\n|\r/)
        expect(parse(lines.map((line) => `> ${line}`).join('\n'))).toEqual([])
        expect(parse(`${'`'.repeat(99)}\n${lines.join('\n')}`)).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })
})
