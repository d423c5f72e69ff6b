// Runs a job alone when a process died while running it: if it kills the process again, no other job is lost with it.

export type Quarantine = {
  /** Whether jobs may start side by side: no job runs alone or waits to. */
  isOpen(): boolean
  /** Marks that the caller has jobs in hand, until it calls the function that it gets. */
  enter(): () => void
  /** Runs `work` once nobody in this process has a job in hand. Call it only while the quarantine is open. */
  runAlone(work: () => Promise<void>): Promise<void>
}

/** `onOpen` is called when jobs may be taken again. */
export function createQuarantine(onOpen: () => void): Quarantine {
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
    runAlone: async (work) => {
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
