// Remembers the groups that must wait: their jobs stay in the queue, in order, and are not fetched meanwhile.

/** The highest priority of background work, which nobody waits for: the board, reminders, labels, reactions. */
export const BACKGROUND_PRIORITY = 40

/** What pauses: every job of a group, or its background work alone. */
export type PauseScope = 'group' | 'background'

export type PausedGroups = {
  pause(group: string, scope: PauseScope, afterSeconds: number): void
  /** Ends the pause of a whole group. */
  resume(group: string): void
  /** The groups that are paused now. */
  current(): Record<PauseScope, string[]>
}

/** Of this process alone: another process finds out by the first job that it takes. */
export function createPausedGroups(): PausedGroups {
  const until: Record<PauseScope, Map<string, number>> = { group: new Map(), background: new Map() }

  const pausedNow = (scope: PauseScope): string[] => {
    for (const [group, end] of until[scope]) if (end <= Date.now()) until[scope].delete(group)
    return [...until[scope].keys()]
  }

  return {
    pause: (group, scope, afterSeconds) => {
      until[scope].set(group, Date.now() + afterSeconds * 1000)
    },
    resume: (group) => {
      until.group.delete(group)
    },
    current: () => ({ group: pausedNow('group'), background: pausedNow('background') }),
  }
}
