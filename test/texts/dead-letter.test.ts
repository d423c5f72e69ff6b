// What is given up is told by its own name.
import { afterAll, expect, it } from 'vitest'
import type { Effect } from '../../src/incident/react/react.ts'
import { loadTemplates } from '../../src/templates/templates.ts'
import { deadLetterView } from '../../src/texts/dead-letter.ts'
import { render } from '../../src/texts/render.ts'

const templates = loadTemplates(new URL('../../templates/', import.meta.url).pathname)
afterAll(() => templates.close())

const LOST = { user: 'ada', attempt: 8, job: '5f0c' }

const told = (gaveUp: Effect['do'] | 'delivery', attempt = LOST.attempt): string =>
  render({ templates }, 'dead-letter', deadLetterView(gaveUp, { ...LOST, attempt }))

const WORDS: { readonly [D in Effect['do'] | 'delivery']: string } = {
  'sync-issue': 'bring the living comment and the labels up to date',
  'sync-board': 'bring the board up to date',
  'sync-review': 'bring the review up to date',
  'sync-items': 'bring the action items and their issues up to date',
  say: 'write a comment',
  page: 'page those who are needed',
  announce: 'tell a channel',
  'hand-over': 'hand the timeline over to the other incident',
  'open-hotfix': 'open the hotfix',
  'open-review': 'open the review',
  remind: 'send a reminder',
  delivery: 'take in what just happened here',
}

it.each(Object.entries(WORDS) as [Effect['do'], string][])('%s', (gaveUp, words) => {
  expect(told(gaveUp)).toContain(`@ada, Mayday could not ${words}: it gave up after 8 attempts.`)
})

it('after one attempt', () => {
  expect(told('say', 1)).toContain('it gave up after the first attempt.')
})
