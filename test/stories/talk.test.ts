// Stories of an incident that is run by comments: what is said, what is answered, what stands in the living comment.
import { expect, test } from 'vitest'
import { row, stories, timeline } from './story.ts'

const numbersOf = (living: string): number[] =>
  [...living.matchAll(/^\| (\d+) \| /gm)].map(([, n]) => Number(n))

stories(
  'talking',
  (story) => {
    test('/ack acknowledges, and the sender leads', async () => {
      await story.declares('Stale index', 'sev:P1')
      const comment = await story.says('bo', '/ack')
      expect(story.reactions(comment)).toEqual(['eyes', 'rocket'])
      expect(row(story.living(), 'Lead')).toBe('@bo')
      expect(row(story.living(), 'Acknowledged')).toBe('10:30 UTC')
      expect(story.replies()).toEqual([])
      await story.says('ada', '/ack')
      expect(row(story.living(), 'Lead')).toBe('@bo')
    })

    test('/note takes a time in many forms and sorts by it; numbers stay', async () => {
      await story.declares('Notes', 'sev:P2')
      await story.says('ada', '/note seen')
      await story.says('ada', '/note 10:11 access refused')
      await story.says('ada', '/note 2025-12-17 23:50 the migration began')
      await story.says('ada', '/note -5m the alarm')
      await story.says('ada', '/NOTE 11:05 CET the pager')
      const wrong = await story.says('ada', '/note 2026-01-01 10:00 from the future')
      expect(story.reactions(wrong)).toContain('confused')
      expect(story.lastReply()).toMatch(/is not a time that has passed.*\/note 10:45/)
      expect(timeline(story.living())).toEqual([
        'the migration began',
        'the pager',
        'access refused',
        'the alarm',
        'Declared P2 Medium',
        'seen',
      ])
      const numbers = numbersOf(story.living())
      expect(new Set(numbers).size).toBe(6)
      await story.says('ada', '/note 09:00 earlier than most')
      expect(numbersOf(story.living())).toEqual([
        ...numbers.slice(0, 1),
        Math.max(...numbers) + 1,
        ...numbers.slice(1),
      ])
    })

    test('what people write takes no effect in the living comment', async () => {
      await story.declares('Hostile', 'sev:P3')
      await story.says(
        'ada',
        '/note @everyone | fixes #1 <script>alert(1)</script> </details> <!-- mayday:living:1 --> [x](javascript:alert(1)) `a|b`',
      )
      const raw = story.livingComment().body
      expect(raw).not.toMatch(/@everyone|fixes #1|<script|alert\(1\)<\/script>/)
      expect(raw.match(/<!-- mayday:living/g)).toHaveLength(1)
      expect(raw.match(/<\/details>/g)).toHaveLength(1)
      expect(timeline(story.living())).toHaveLength(2)
    })

    test('a note of 65,536 characters is cut in its row, and nothing breaks', async () => {
      await story.declares('Long', 'sev:P3')
      const long = await story.says('ada', `/note ${'x'.repeat(65_530)}`)
      expect(story.reactions(long)).toEqual(['eyes', 'rocket'])
      expect(story.livingComment().body.length).toBeLessThan(20_000)
    })

    test('severity, status, roles, facts: the table follows; status and severity are told', async () => {
      await story.declares('Facts', 'sev:P2')
      await story.says(
        'ada',
        '/sev P0 all writes fail\n/lead\n/role comms @bo\n/impact Nobody can write\n/bridge https://meet.example/1',
      )
      await story.says('ada', '/status identified it is the alias')
      const living = story.living()
      expect(row(living, 'Severity')).toMatch(/^P0 Critical \(was P2 until 10:\d\d\)$/)
      expect(row(living, 'Lead')).toBe('@ada')
      expect(row(living, 'Comms')).toBe('@bo')
      expect(row(living, 'Impact')).toBe('Nobody can write')
      expect(row(living, 'Links')).toContain('https://meet.example/1')
      expect(story.labelsOf()).toEqual(['incident', 'sev:P0', 'status:identified'])
      expect(story.replies()).toEqual([
        expect.stringMatching(/is now \*\*P0 Critical\*\* \(was P2.*\): all writes fail · @ada/),
        expect.stringMatching(/is now \*\*identified\*\* \(was investigating\): it is the alias · @ada/),
      ])
      await story.says('ada', '/handover @cy good night')
      expect(row(story.living(), 'Lead')).toBe('@cy')
      await story.says('ada', '/cause A renamed alias')
      expect(row(story.living(), 'Cause')).toBe('A renamed alias')
      await story.says('ada', '/status investigating it was something else')
      expect(row(story.living(), 'Status')).toMatch(/^investigating/)
    })

    test('/update moves the next update, and is nobody else’s comment', async () => {
      await story.declares('Updates', 'sev:P1')
      const before = row(story.living(), 'Next update')
      await story.clock.advance('10m')
      await story.says('ada', '/update We put the old index back.\n\nIt takes ten minutes.')
      expect(row(story.living(), 'Next update')).not.toBe(before)
      expect(timeline(story.living()).at(-1)).toContain('Update: We put the old index back.')
      const refused = await story.says('bo', '/update --public All is well')
      expect(story.reactions(refused)).toEqual(['confused'])
    })

    test('entries are amended, hidden and shown; milestones corrected', async () => {
      await story.declares('Curated', 'sev:P2')
      await story.says('ada', '/note first words')
      const n = numbersOf(story.living()).at(-1)
      await story.says('ada', `/amend ${n} better words`)
      expect(timeline(story.living())).toEqual([
        'Declared P2 Medium',
        expect.stringContaining('better words'),
      ])
      await story.says('ada', `/hide ${n}`)
      expect(timeline(story.living())).toEqual(['Declared P2 Medium'])
      await story.says('ada', `/show ${n}`)
      expect(timeline(story.living())).toHaveLength(2)
      await story.says('ada', '/amend 99 nothing')
      expect(story.lastReply()).toContain('There is no entry `99`')
      await story.says('ada', '/set started 10:10')
      expect(row(story.living(), 'Started')).toBe('10:10 UTC')
      await story.says('ada', '/set mitigated 09:00')
      expect(story.lastReply()).toContain('cannot come before _started_')
      const declared = row(story.living(), 'Declared')
      await story.says('ada', '/set started 2025-12-18 10:30')
      expect(row(story.living(), 'Declared')).toBe(declared)
    })

    test('/help lists the commands; a wrong one gets the right form; several run in order', async () => {
      await story.declares('Questions', 'sev:P3')
      const help = await story.says('zoe', '/help')
      expect(story.reactions(help)).toEqual(['eyes', 'rocket'])
      expect(story.lastReply()).toContain('- `/ack` ')
      const near = await story.says('ada', '/akc')
      expect(story.reactions(near)).toEqual(['confused'])
      expect(story.lastReply()).toContain('`/ack`')
      const told = story.replies().length
      const mixed = await story.says('ada', '/ack\n/sev enormous\n/status resolved')
      expect(story.reactions(mixed)).toEqual(['eyes', 'confused'])
      expect(story.replies()).toHaveLength(told + 1)
      expect(story.lastReply()).toMatch(/`enormous` is not a severity here.*`\/resolve`/s)
      expect(row(story.living(), 'Lead')).toBe('@ada')
      const unknown = await story.says('ada', '/incident frobnicate')
      expect(story.reactions(unknown)).toEqual(['confused'])
      expect(story.replies()).toHaveLength(told + 2)
      await story.says('ada', '/incident status monitoring')
      expect(row(story.living(), 'Status')).toMatch(/^monitoring/)
    })

    test('quotes, code, paths and other bots’ commands are left alone', async () => {
      await story.declares('Quiet', 'sev:P3')
      const body =
        '> /resolve\n\n```\n/resolve\n```\n\n<!--\n/resolve\n-->\n\n    /resolve\n\n/etc/hosts\n/lgtm\n/assign @bo\n/retest'
      const comment = await story.says('ada', body)
      expect(story.reactions(comment)).toEqual([])
      expect(story.replies()).toEqual([])
      expect(row(story.living(), 'Status')).toMatch(/^investigating/)
      const plain = await story.when(() =>
        story.as('ada').openIssue({ title: 'No incident', body: '/declare P0' }),
      )
      await story.says('ada', '/ack', plain)
      await story.says('ada', '/resolvd', plain)
      expect(plain.comments).toHaveLength(2)
    })

    test('a bot’s comment is not a command, unless the repository names it', async () => {
      await story.declares('Bots', 'sev:P3')
      const comment = await story.says('github-actions[bot]', '/resolve')
      expect(story.reactions(comment)).toEqual([])
      expect(row(story.living(), 'Status')).toMatch(/^investigating/)
    })

    test('on a private repository who reads may note, and no more', async () => {
      const repo = story.sandbox.addRepository({ name: 'vault', private: true })
      await story.opens('ada', 'Vault is sealed', { repo })
      await story.says('ada', '/declare P3')
      const note = await story.says('eli', '/note the key is in the drawer')
      expect(story.reactions(note)).toEqual(['eyes', 'rocket'])
      expect(timeline(story.living()).at(-1)).toBe('the key is in the drawer')
      const ack = await story.says('eli', '/ack')
      expect(story.reactions(ack)).toEqual(['confused'])
    })

    test('an edited comment is not run again, its text follows; a deleted one is struck out', async () => {
      await story.declares('Edits', 'sev:P3')
      const note = await story.says('ada', '/note the ol index')
      await story.when(() => story.as('ada').editComment(note, '/note the old index\n/resolve'))
      expect(timeline(story.living()).at(-1)).toContain('the old index')
      expect(row(story.living(), 'Status')).toMatch(/^investigating/)
      await story.when(() => story.as('ada').editComment(note, 'Never mind.'))
      expect(timeline(story.living()).at(-1)).toBe('~~the old index~~ (deleted)')
      await story.when(() => story.as('ada').editComment(note, '/note the new index'))
      expect(timeline(story.living()).at(-1)).toBe('the new index')
      await story.when(() => story.as('ada').deleteComment(note))
      expect(timeline(story.living()).at(-1)).toMatch(/^~~.*~~/)
      expect(story.replies()).toEqual([])
      // However often it was edited, a fact holds what the comment says and no more.
      const facts = await story.facts()
      const texts = facts.flatMap((fact) => (fact.kind === 'comment-edited' ? [fact.texts] : []))
      expect(texts.map(({ length }) => length)).toEqual([2, 1, 1])
    })

    test('many notes roll over into continuations, linked both ways', async () => {
      await story.declares('Much to say', 'sev:P3')
      const words = 'a busy hour '.repeat(38)
      await story.when(() => {
        for (let part = 0; part < 6; part += 1) {
          const lines = Array.from({ length: 25 }, (_, index) => `/note ${part * 25 + index} ${words}`)
          story.as('ada').comment(story.issue(), lines.join('\n'))
        }
      })
      const parts = story.issue().comments.filter(({ body }) => body.includes('<!-- mayday:continuation:'))
      expect(parts.length).toBeGreaterThan(0)
      expect(story.livingComment().body.length).toBeLessThanOrEqual(61_000)
      const shown = [...parts.map(({ body }) => body), story.livingComment().body].join('\n')
      for (const n of [1, 3, 75, 151]) expect(shown.match(new RegExp(`^\\| ${n} \\|`, 'gm'))).toHaveLength(1)
      expect(story.living()).toMatch(/The first \d+ entries are in/)
      expect(parts[0]?.body).toContain(`#issuecomment-${story.livingComment().id}`)
    })
  },
  { settings: 'board: none' },
)
