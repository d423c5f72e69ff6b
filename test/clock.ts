// Moves `Date` in this process: stories and the demo live through days in seconds, and nothing else knows.

const RealDate = Date
/** At this moment of the machine the clock showed that one, and it runs on at `rate` times the machine's pace. */
let machine = RealDate.now()
let shown = machine
let rate = 1
/** How many Maydays of this process count on the clock. */
let holders = 0

const now = (): number => shown + Math.floor((RealDate.now() - machine) * rate)

function show(at: number): void {
  machine = RealDate.now()
  shown = at
}

/** The time that the clock shows. Timers (`setTimeout`) keep running in real time. */
class MovedDate extends RealDate {
  constructor(...given: [] | [number | string | Date]) {
    if (given.length === 0) super(now())
    else super(...given)
  }

  static override now(): number {
    return now()
  }
}

export const clock = {
  now,
  advance(ms: number): void {
    show(now() + ms)
  },
  /** From now on it runs at `times` the machine's pace: at a small part of it, what is told does not depend on how busy
   * the machine is. */
  run(times: number): void {
    show(now())
    rate = times
  },
  /** While somebody holds it, the clock is not set back: what waits for a moment would wait for ever. Returns the end. */
  hold(): () => void {
    holders += 1
    return () => {
      holders -= 1
    }
  },
  /** The machine's own time and pace again, whoever held it. */
  reset(): void {
    holders = 0
    rate = 1
    show(RealDate.now())
  },
  /** Sets the time, from which it runs on. */
  set(at: number): void {
    if (holders > 0 && at < clock.now()) throw new Error('the clock is held: it can only be moved on')
    show(at)
  },
}

globalThis.Date = new Proxy(MovedDate, {
  // `Date(1, 2, 3)` and `new Date(2025, 11, 18)` keep their many forms.
  construct: (target, given) =>
    given.length > 1 ? Reflect.construct(RealDate, given) : Reflect.construct(target, given),
}) as DateConstructor

// As a preload of a child process: the clock begins where MAYDAY_CLOCK says (milliseconds since the epoch, or
// `parent` for the machine's time); the parent moves it by messages and hears when it is done. Without
// a parent it ends.
if (process.send && process.env.MAYDAY_CLOCK) {
  if (process.env.MAYDAY_CLOCK !== 'parent') clock.set(Number(process.env.MAYDAY_CLOCK))
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.on('message', (message) => {
    if (typeof message !== 'object' || message === null || !('clock' in message)) return
    clock.set(Number(message.clock))
    process.send?.({ clock: message.clock })
  })
}
