// What is given up is told by its own name.
import { expect, it } from 'vitest'
import { deadLetterView } from '../../src/texts/dead-letter.ts'

const LOST = { user: 'ada', attempt: 8, job: '5f0c' }

it.each([
  ['hand-over', 'hand the timeline over to the other incident'],
  ['delivery', 'take in what just happened here'],
] as const)('%s', (gaveUp, what) => {
  expect(deadLetterView(gaveUp, LOST)).toEqual({ user: 'ada', what, attempts: '8 attempts', job: '5f0c' })
})

it('after one attempt', () => {
  expect(deadLetterView('say', { ...LOST, attempt: 1 }).attempts).toBe('the first attempt')
})
