// What GitHub would refuse for its length is cut, and says how much more there is.

import { afterAll, describe, expect, it } from 'vitest'
import { MAX_BODY } from '../../src/command/comment/body.ts'
import { hasMark, mark, withMark } from '../../src/github/issues/mark.ts'
import type { Event } from '../../src/incident/fold/nouns.ts'
import type { Loaded } from '../../src/shell/load.ts'
import type { Shell } from '../../src/shell/shell.ts'
import { loadTemplates } from '../../src/templates/templates.ts'
import { BODY_ROOM } from '../../src/texts/limits.ts'
import { asItStands } from '../../src/texts/review/lines.ts'
import { newReview } from '../../src/texts/review/review.ts'
import { at, DEFAULT, declared, event, given } from '../incident/given.ts'

const OWN = mark('say', '1')

describe('a body', () => {
  it('is sent whole where GitHub takes it', () => {
    const text = 'x'.repeat(MAX_BODY - OWN.length - 2)
    expect(withMark(text, OWN)).toBe(`${text}\n\n${OWN}`)
  })

  it('is cut where a line ends, and says how many more there are', () => {
    const sent = withMark('0123456789\n\n'.repeat(10_000), OWN)
    expect(sent.length).toBeLessThanOrEqual(MAX_BODY)
    const [kept = '', more] = sent.split('\n\n… and ')
    const left = 10_000 - (kept.match(/^0123456789$/gm)?.length ?? 0)
    expect(more).toBe(`${left} more lines, for which there is no room here.\n\n${OWN}`)
    expect(hasMark(sent, OWN)).toBe(true)
  })

  it('of one endless line is cut in it, and never in the middle of a character', () => {
    const sent = withMark(`x${'😀'.repeat(40_000)}`, OWN)
    expect(sent.length).toBeGreaterThan(MAX_BODY - 200)
    expect(sent.length).toBeLessThanOrEqual(MAX_BODY)
    expect(sent).toMatch(/… and 1 more line, for which/)
  })
})

describe('a review', () => {
  const templates = loadTemplates(new URL('../../templates/', import.meta.url).pathname)
  afterAll(() => templates.close())
  // Of the shell, nothing else is asked for words.
  const shell = { templates, now: () => at('12:00') } as Shell

  const items = (from: number, count: number): Event[] =>
    Array.from({ length: count }, (_, n) => n + from).flatMap((n) => {
      const item = `item:${n}`
      const text = `Alarm number ${n} on the count of documents in the index of the search`
      const url = `https://github.com/acme/web/issues/${n}`
      return [
        event('11:00', { kind: 'item-promised', item, source: 'command', text }, { index: 2 * n }),
        event('11:00', { kind: 'item-opened', item, issue: n, url }, { index: 2 * n + 1 }),
      ]
    })
  const loaded = (facts: Event[]): Loaded => {
    const { incident } = given([declared('10:30', 'P1'), ...facts])
    const place = { ...DEFAULT } as Loaded['place']
    return {
      incident,
      place,
      issue: { number: 42 },
      refs: [],
      url: 'https://github.com/a/b',
    } as unknown as Loaded
  }
  const linesOf = (body: string): number => body.match(/^- \[ \] #\d+ /gm)?.length ?? 0
  const moreOf = (body: string): number =>
    Number(/^- and (\d+) more action items, each an issue of its own$/m.exec(body)?.[1] ?? 0)

  it('of hundreds of action items lists those that fit, and counts the others', () => {
    const body = newReview(shell, loaded(items(100, 800)))
    expect(body.length).toBeLessThan(MAX_BODY)
    expect(linesOf(body)).toBeGreaterThan(100)
    expect(moreOf(body)).toBe(800 - linesOf(body))
    expect(asItStands(shell, body, loaded(items(100, 800)))).toBe(body)

    const later = asItStands(shell, body, loaded(items(100, 850)))
    expect(later.length).toBeLessThan(MAX_BODY)
    expect(moreOf(later)).toBe(850 - linesOf(later))
    expect(moreOf(asItStands(shell, later, loaded(items(100, 10))))).toBe(0)
  })

  it('with an endless timeline and impact still has room for what people write', () => {
    const notes = Array.from({ length: 300 }, (_, n) =>
      event('10:40', { kind: 'noted', text: `${n} ${'words '.repeat(80)}` }, { index: n }),
    )
    const said = event('10:41', { kind: 'impact-set', text: '$'.repeat(60_000) })
    const body = newReview(shell, loaded([...notes, said]))
    expect(body.length).toBeLessThan(BODY_ROOM)
    expect(body).toMatch(/^and \d+ more in \[the incident\]/m)
    expect(body).toContain('## Agenda')
  })

  it('never loses what people wrote to what Mayday would add', () => {
    const wrote = `## Lessons\n${'We learned. '.repeat(5_400)}\n## Action items\n- [ ] Alarm number 100 on the count of documents in the index of the search\n`
    const body = asItStands(shell, wrote, loaded(items(100, 30)))
    expect(body.length).toBeLessThanOrEqual(MAX_BODY)
    expect(body).toContain('We learned. '.repeat(5_400))
    expect(moreOf(body)).toBe(29)
    for (const room of [3, 20]) {
      const full = wrote.padEnd(MAX_BODY - room, 'x')
      expect(asItStands(shell, full, loaded(items(100, 30)))).toHaveLength(
        room === 3 ? full.length : full.length + 5,
      )
    }
  })
})
