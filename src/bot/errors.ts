// What a failed job means: GitHub that does not answer pauses its installation, everything else counts as an attempt.
import { Limited, Refused, Unreachable } from '../github/errors.ts'
import type { Outcome } from '../queue.ts'
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

/** GitHub's status for an issue that was deleted. */
const GONE = 410

/** Runs one job for an installation. While the installation is paused nothing is tried; a limit or silence pauses it for
 * all its jobs, in order, and is no attempt. */
export async function guarded(
  shell: Shell,
  installation: number,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const until = await shell.store.pausedUntil(installation)
  if (until !== null && until > shell.now()) {
    return {
      again: 'waiting',
      afterSeconds: Math.min(PROBE_SECONDS, Math.ceil((until - shell.now()) / 1000)),
    }
  }
  try {
    return await work()
  } catch (error) {
    if (error instanceof Later) return { again: 'waiting', afterSeconds: error.afterSeconds }
    shell.log.debug({ err: error, installation }, 'a job did not get through')
    if (error instanceof Limited) {
      if (error.by === 'github')
        await shell.store.pause(installation, shell.now() + error.afterSeconds * 1000)
      return { again: 'waiting', afterSeconds: error.afterSeconds }
    }
    if (error instanceof Unreachable) {
      await shell.store.pause(installation, shell.now() + PROBE_SECONDS * 1000)
      return { again: 'waiting', afterSeconds: PROBE_SECONDS }
    }
    if (error instanceof Refused && isGone(error)) return 'done'
    throw error
  }
}

/** What no retry mends: the account, the repository or the issue is closed to us or gone for good. What is open is brought
 * up to date when it comes back. */
const isGone = ({ kind, status }: Refused): boolean =>
  ['suspended', 'uninstalled', 'archived', 'disabled'].includes(kind) || status === GONE
