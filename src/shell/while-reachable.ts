// What a failed job means: GitHub that does not answer pauses its installation, everything else counts as an attempt.
import { Limited, Refused, Unreachable } from '../github/client/errors.ts'
import { probe } from '../github/client/probe.ts'
import type { Job, Verdict } from '../queue/queue.ts'
import type { Shell } from './shell.ts'

/** Somebody else is at it: look again in a moment. No attempt, and no reason to pause anybody. */
export class Later extends Error {
  override name = 'Later'
  readonly afterSeconds: number

  constructor(afterSeconds: number) {
    super('another job is at it')
    this.afterSeconds = afterSeconds
  }
}

/** Seconds between two looks at a GitHub that does not answer. */
const PROBE_SECONDS = 10
/** The most that a job waits alone, where GitHub answers everything but it. */
const LONGEST_WAIT_SECONDS = 60

/** GitHub's status for an issue that was deleted. */
const GONE = 410

type Work = { installation: number; job: Job; work: () => Promise<Verdict> }

/** Runs one job for an installation. While the installation is paused nothing is tried, but by one job each ten seconds,
 * which asks first whether GitHub answers again. A limit or silence pauses it for all its jobs, in order, and is no
 * attempt. */
export async function guarded(shell: Shell, { installation, job, work }: Work): Promise<Verdict> {
  try {
    const now = shell.now()
    const gate = await shell.store.installations.admit(installation, { now, leaseMs: PROBE_SECONDS * 1000 })
    if (typeof gate === 'number') return paused((gate - now) / 1000)
    if (gate === 'probe') {
      if (!(await isBack(shell, installation))) return await pause(shell, installation, PROBE_SECONDS)
      await shell.store.installations.resume(installation)
    }
    return await work()
  } catch (error) {
    shell.log.debug({ err: error, installation }, 'a job did not get through')
    if (error instanceof Later) return { again: 'waiting', afterSeconds: error.afterSeconds }
    if (error instanceof Limited) return limited(shell, installation, error)
    if (error instanceof Unreachable) return unanswered(shell, installation, job)
    if (error instanceof Refused && isGone(error)) return 'done'
    throw error
  }
}

const isBack = (shell: Shell, installation: number): Promise<boolean> =>
  probe(shell.github.installation(installation))

const paused = (afterSeconds: number): Verdict => ({ again: 'waiting', afterSeconds, pauses: 'group' })

async function pause(shell: Shell, installation: number, seconds: number): Promise<Verdict> {
  await shell.store.installations.pause(installation, shell.now() + seconds * 1000)
  return paused(seconds)
}

/** Where only our own allowance is short, background work leaves what comes in to those for whom somebody waits. */
async function limited(shell: Shell, installation: number, error: Limited): Promise<Verdict> {
  if (error.by === 'github') return pause(shell, installation, error.afterSeconds)
  const pauses = shell.background ? 'background' : 'group'
  return { again: 'waiting', afterSeconds: error.afterSeconds, pauses }
}

/** Where GitHub answers otherwise, this job alone waits, longer each time: others must not stand still for the one thing
 * that is broken there. */
async function unanswered(shell: Shell, installation: number, job: Job): Promise<Verdict> {
  try {
    if (!(await isBack(shell, installation))) return await pause(shell, installation, PROBE_SECONDS)
  } catch (error) {
    if (error instanceof Limited) return limited(shell, installation, error)
    throw error
  }
  const waited = (shell.now() - (job.firstTriedAt ?? shell.now())) / 1000
  const afterSeconds = Math.min(LONGEST_WAIT_SECONDS, Math.max(PROBE_SECONDS, waited / 2))
  return { again: 'waiting', afterSeconds }
}

/** What no retry mends: the account, the repository or the issue is closed to us or gone for good. What is open is brought
 * up to date when it comes back. */
const isGone = ({ kind, status }: Refused): boolean =>
  ['suspended', 'uninstalled', 'archived', 'disabled', 'locked'].includes(kind) || status === GONE
