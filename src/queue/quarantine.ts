// Jobs at which a process died run alone: whichever of them is to blame takes no other job with it.

export type Quarantine = {
  /** Whether jobs may begin beside others: nothing runs, or wants to run, alone. */
  isOpen(): boolean
  /** Something has jobs in its hands, until it calls what it gets. */
  enter(): () => void
  /** Runs `work` once nobody in this process has a job in hand; only to be called while it is open. */
  alone(work: () => Promise<void>): Promise<void>
}

/** `onOpen` is called when jobs may be taken again. */
export function openQuarantine(onOpen: () => void): Quarantine {
  let inHand = 0
  let occupied = false
  let whenEmpty = () => {}

  return {
    isOpen: () => !occupied,
    enter: () => {
      inHand += 1
      return () => {
        inHand -= 1
        if (inHand === 0) whenEmpty()
      }
    },
    alone: async (work) => {
      occupied = true
      try {
        if (inHand > 0) await new Promise<void>((resolve) => (whenEmpty = resolve))
        await work()
      } finally {
        occupied = false
        onOpen()
      }
    },
  }
}
