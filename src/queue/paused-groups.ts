// Groups whose jobs cannot get through for now: they stay in the queue, in their order, and cost nothing meanwhile.

/** Up to this priority nobody waits for a job: the board, reminders, labels, reactions. */
export const BACKGROUND_PRIORITY = 40

/** What waits with a job: all of its group, or what of it nobody waits for. */
export type Held = 'group' | 'background'

export type Holds = {
  hold(group: string, held: Held, afterSeconds: number): void
  /** A job got through: the way is free for its group. */
  release(group: string): void
  /** The groups held at this moment. */
  current(): Record<Held, string[]>
}

/** Of this process alone: each finds out by the first job that it takes. */
export function openHolds(): Holds {
  const until: Record<Held, Map<string, number>> = { group: new Map(), background: new Map() }

  const heldNow = (held: Held): string[] => {
    for (const [group, end] of until[held]) if (end <= Date.now()) until[held].delete(group)
    return [...until[held].keys()]
  }

  return {
    hold: (group, held, afterSeconds) => {
      until[held].set(group, Date.now() + afterSeconds * 1000)
    },
    release: (group) => {
      until.group.delete(group)
    },
    current: () => ({ group: heldNow('group'), background: heldNow('background') }),
  }
}
