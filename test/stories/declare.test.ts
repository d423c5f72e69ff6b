// Stories of the first minute: who declares, how, and what appears.
import { expect, test } from 'vitest'
import { row, stories, timeline } from './story.ts'

stories('declaring', (story) => {
  test('a label declares: one living comment, pinned, and the labels', async () => {
    await story.declares('Search answers from a stale index', 'sev:P1')
    const living = story.living()
    expect(living).toContain(`### 🔴 ${story.id()} · P1 High · investigating`)
    expect(row(living, 'ID')).toBe(story.id())
    expect(row(living, 'Declared')).toBe('10:30 UTC')
    expect(row(living, 'Lead')).toContain('nobody yet')
    expect(timeline(living)).toEqual(['Declared P1 High'])
    expect(story.livingComment().pinned).not.toBeNull()
    expect(story.labelsOf()).toEqual(['incident', 'sev:P1', 'status:investigating'])
    expect(story.replies()).toEqual([])
  })
}, { settings: 'board: none' })
