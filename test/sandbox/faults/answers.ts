// What a fault does to a call.
import type { Answer } from '../api.ts'
import { refusalAnswer } from '../routes/rest.ts'
import type { World } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'
import type { Fault } from './faults.ts'

export function secondaryLimit(seconds: number): Answer {
  const message =
    'You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.'
  const answer = refusalAnswer(new GitHubRefusal(403, message))
  return { ...answer, headers: { 'retry-after': String(seconds) } }
}

/** An answer instead of the real one, or what becomes of the connection; `go on` carries the call out. */
export async function strike(world: World, fault: Fault): Promise<Answer | 'go on' | 'silence' | 'cut'> {
  if (fault.kind === 'cut-after' || fault.kind === 'hang-after') return 'go on'
  if (fault.kind === 'slow') {
    await new Promise((resolve) => setTimeout(resolve, fault.delayMs ?? 100))
    return 'go on'
  }
  if (fault.kind === 'hang') return 'silence'
  if (fault.kind === 'cut-before') return 'cut'
  if (fault.kind === 'secondary-limit') return secondaryLimit(fault.retryAfter ?? 60)
  if (fault.kind === 'primary-limit') return primaryLimit(world, fault.retryAfter ?? 3600)
  const status = fault.status ?? 502
  const answer = refusalAnswer(new GitHubRefusal(status, fault.message ?? `Failed by a test with ${status}`))
  if (fault.retryAfter === undefined) return answer
  return { ...answer, headers: { 'retry-after': String(fault.retryAfter) } }
}

function primaryLimit(world: World, seconds: number): Answer {
  const answer = refusalAnswer(new GitHubRefusal(403, 'API rate limit exceeded for installation.'))
  const headers = {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-used': '5000',
    'x-ratelimit-reset': String(Math.ceil(world.now() / 1000) + seconds),
    'x-ratelimit-resource': 'core',
  }
  return { ...answer, headers }
}
