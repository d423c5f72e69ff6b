// P28: Whatever a comment holds, it is read without a fault, and every command in it gets the right answer.
import { expect, test } from 'vitest'
import { type CommandLine, parse } from '../../src/command/comment/parse.ts'
import { type Asked, type Body, commentBodies } from './comment-bodies.ts'
import { seeds, sized } from './size.ts'

const BODIES = 10_000

const asked = (line: CommandLine): Asked => {
  if ('command' in line) return `/${line.command.verb}`
  if ('mistake' in line) return `!${line.mistake.verb}`
  return line.near ? '~' : '?'
}

/** The bodies that were read otherwise than they were built; a failure shows the shortest ones. */
function misread(seed: number): { text: string; asks: Asked[]; read: Asked[] }[] {
  const wrong: { text: string; asks: Asked[]; read: Asked[] }[] = []
  let left = BODIES
  for (const { text, asks } of commentBodies(seed, { giants: true })) {
    const read = parse(text).map(asked)
    if (read.join() !== asks.join()) wrong.push({ text, asks, read })
    left -= 1
    if (left === 0) break
  }
  return wrong.sort((a: Body, b: Body) => a.text.length - b.text.length).slice(0, 3)
}

test.each(seeds({ suite: [28], soak: 10 }))('10,000 comments from seed %i, broken in every way', {
  timeout: sized({ suite: 20_000, soak: 120_000 }),
}, (seed) => {
  expect(misread(seed)).toEqual([])
})
