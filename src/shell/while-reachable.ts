// Runs a job against GitHub and reads its failure: silence or a limit pauses the installation, anything else counts as an
// attempt.
import { Limited, Refused, Unreachable } from '../github/client/errors.ts'
import { probe } from '../github/client/probe.ts'
import type { Job, Verdict } from '../queue/queue.ts'
import type { Shell } from './shell.ts'

/** Another job holds what this one needs. It is retried in a moment, which counts as no attempt and pauses nobody. */
export class RetryLater extends Error {
  override name = 'RetryLater'
  readonly afterSeconds: number

  constructor(afterSeconds: number) {
    super('another job is at it')
    this.afterSeconds = afterSeconds
  }
}

/** Seconds between two probes of a GitHub that does not answer. */
const PROBE_SECONDS = 10
/** The longest pause of one job while GitHub answers all others. */
const LONGEST_WAIT_SECONDS = 60

/** GitHub's status for an issue that was deleted. */
const GONE = 410

type Attempt = { installation: number; job: Job; work: () => Promise<Verdict> }

/** Runs one job for an installation. A paused installation runs one job each ten seconds, which first asks whether GitHub
 * answers again. A limit or silence pauses the installation for all its jobs, in order, and counts as no attempt. */
export async function whileReachable(shell: Shell, { installation, job, work }: Attempt): Promise<Verdict> {
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
    if (error instanceof RetryLater) return { again: 'waiting', afterSeconds: error.afterSeconds }
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

/** Our own allowance is used up: background work yields to the jobs that a person waits for. */
async function limited(shell: Shell, installation: number, error: Limited): Promise<Verdict> {
  if (error.by === 'github') return pause(shell, installation, error.afterSeconds)
  const pauses = shell.background ? 'background' : 'group'
  return { again: 'waiting', afterSeconds: error.afterSeconds, pauses }
}

/** GitHub is otherwise up: back off this job alone, so that one broken endpoint does not stall the installation. */
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

/** A refusal that no retry changes: the account, the repository or the issue is closed to us or gone. Healing brings its
 * open incidents up to date when it comes back. */
const isGone = ({ kind, status }: Refused): boolean =>
  ['suspended', 'uninstalled', 'archived', 'disabled', 'locked'].includes(kind) || status === GONE
