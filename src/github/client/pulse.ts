// Remembers, per installation, whether GitHub answered the last call and until when it asked us to wait.
import { Limited, Unreachable } from './errors.ts'

export type Pulse = {
  /** Throws `Limited` while GitHub wants to hear nothing from this installation. */
  assertWelcome(installation: number): void
  answered(installation: number): void
  failed(installation: number, error: Error): void
  /** Whether the last call of every installation was answered. */
  isUp(): boolean
}

/** `now` gives the time in milliseconds since the epoch. */
export function createPulse(now: () => number): Pulse {
  const silent = new Set<number>()
  const unwelcomeUntil = new Map<number, number>()
  const answered = (installation: number): void => {
    silent.delete(installation)
  }
  return {
    assertWelcome: (installation) => {
      const left = (unwelcomeUntil.get(installation) ?? 0) - now()
      if (left > 0) throw new Limited(left / 1000, 'github')
      unwelcomeUntil.delete(installation)
    },
    answered,
    failed: (installation, error) => {
      if (error instanceof Unreachable) silent.add(installation)
      else answered(installation)
      if (error instanceof Limited && error.by === 'github')
        unwelcomeUntil.set(installation, now() + error.afterSeconds * 1000)
    },
    isUp: () => silent.size === 0,
  }
}
