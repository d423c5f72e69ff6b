// A process that dies over a call which GitHub does not answer, and the next one that makes the same call.
import { expect, vi } from 'vitest'
import type { Issue } from '../sandbox/world/world.ts'
import { burst } from './burst.ts'
import type { Machine } from './machine.ts'
import { report, sized } from './size.ts'

/** `mark`: the hidden mark of the comment that is being written. */
type InHand = { issue: Issue; mark: string }

/** A burst of which a process has begun to write a comment, and will wait for the answer in vain. */
export async function burstInHand({ sandbox, tick }: Machine): Promise<InHand> {
  const issue = burst(sandbox, tick)
  const route = new RegExp(`/issues/${issue.number}/comments$`)
  const hang = sandbox.fault({ kind: 'hang', method: 'POST', route, times: 1 })
  await vi.waitFor(() => expect(hang.hits).toBe(1), { timeout: 60_000, interval: 20 })
  const hung = sandbox.calls.find(({ fault }) => fault === hang)
  const mark = /<!-- mayday:[^>]*-->/.exec(JSON.stringify(hung?.requestBody))?.[0]
  if (mark === undefined) throw new Error('the comment that was being written has no mark')
  return { issue, mark }
}

/** Waits, while no clock is moved, until the comment is there. In the suite the order of magnitude is enough: what nobody
 * hands back is taken for dead after 150 s. */
export async function expectTakenUp({ issue, mark }: InHand, withinMs: number): Promise<void> {
  const began = performance.now()
  await vi.waitFor(() => expect(issue.comments.some(({ body }) => body.includes(mark))).toBe(true), {
    timeout: withinMs * sized({ suite: 5, soak: 1 }),
    interval: 20,
  })
  report(`taken up after ${Math.round(performance.now() - began)} ms`)
}
