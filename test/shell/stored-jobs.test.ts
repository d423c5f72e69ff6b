// Jobs as they lie in queues of today are read as the same objects; what nobody has stored is no job.
import { describe, expect, test } from 'vitest'
import { readHealingJob, readOutboxJob } from '../../src/shell/stored-jobs.ts'

const notice = { about: 'ask-accept' }
const answer = {
  ...{ repository: 21, number: 42, comment: null, key: 'by-hand:42', name: '' },
  ...{ reactions: [], refusals: [], help: false },
}

describe('a job of the outbox', () => {
  test.each([
    { incident: 1, effect: { do: 'sync-issue' } },
    { incident: 1, effect: { do: 'say', key: 'ask-accept', notice } },
    { incident: 1, effect: { do: 'say', key: 'review-incomplete', on: 'review', notice } },
    { incident: 1, effect: { do: 'page', key: 'page:1', of: ['1'], notice } },
    { incident: 1, effect: { do: 'open-hotfix', asked: 'comment:7:0' } },
    { incident: 1, effect: { do: 'hand-over', to: 41 } },
    { remind: { installation: 11, owner: 'ada' } },
    { labels: { repository: 21 } },
    { answer },
    { answer: { ...answer, comment: 7, summary: 1, on: 'item' } },
  ])('%j', (data) => {
    expect(readOutboxJob(data)).toBe(data)
    expect(readHealingJob(data)).toBeNull()
  })

  test.each([
    null,
    {},
    { incident: 1 },
    { incident: 1, effect: { do: 'dance' } },
    { incident: 1, effect: { do: 'open-hotfix' } },
    { incident: 'one', effect: { do: 'sync-issue' } },
    { remind: { owner: 'ada' } },
    { labels: {} },
    { answer: { ...answer, refusals: null } },
    { heal: 'round' },
  ])('is none: %j', (data) => {
    expect(readOutboxJob(data)).toBeNull()
  })
})

describe('a job of healing', () => {
  test.each([
    { heal: 'round' },
    { heal: 'sweep' },
    { heal: 'installation', installation: 11 },
  ])('%j', (data) => {
    expect(readHealingJob(data)).toBe(data)
  })

  test.each([{ heal: 'all' }, { heal: 'installation' }, { incident: 1 }])('is none: %j', (data) => {
    expect(readHealingJob(data)).toBeNull()
  })
})
