// How moments and lengths of time are shown to people: always UTC, always with a unit.
import { type Duration, parseDuration } from '../policy/duration.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `2025-12-18`, in UTC. */
export function formatDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** `10:11`, in UTC; `2025-12-19 00:40` where that is another day than `anchor`'s. */
export function formatClock(at: number, anchor?: number): string {
  const clock = new Date(at).toISOString().slice(11, 16)
  return anchor === undefined || formatDate(at) === formatDate(anchor) ? clock : `${formatDate(at)} ${clock}`
}

/** `10:11 UTC`; `2025-12-19 00:40 UTC` where that is another day than `anchor`'s. */
export function formatTime(at: number, anchor?: number): string {
  return `${formatClock(at, anchor)} UTC`
}

/** `2025-12-18 10:11 UTC`. */
export function formatMoment(at: number): string {
  return `${formatDate(at)} ${formatTime(at)}`
}

/** A length in milliseconds: `45 s`, `26 min`, `2 h 10`, `1 day 4 h`, `31 days`. Never negative; cut, not rounded,
 * as a clock on the wall would show it. */
export function formatLength(length: number): string {
  const rest = Math.max(0, length)
  if (rest < MINUTE) return `${Math.floor(rest / 1_000)} s`
  if (rest < HOUR) return `${Math.floor(rest / MINUTE)} min`
  if (rest < DAY) return hoursAndMinutes(Math.floor(rest / HOUR), Math.floor((rest % HOUR) / MINUTE))
  const days = Math.floor(rest / DAY)
  if (days >= 3) return `${days} days`
  const hours = Math.floor((rest % DAY) / HOUR)
  return `${days} ${days === 1 ? 'day' : 'days'}${hours === 0 ? '' : ` ${hours} h`}`
}

/** A configured duration in words: `15 min`, `2 h`, `3 days`, `1 business day`. */
export function formatDuration(duration: Duration): string {
  const parsed = parseDuration(duration)
  if (!parsed) return duration
  const { amount, unit } = parsed
  const words = { s: 's', m: 'min', h: 'h', d: 'day', bd: 'business day' } as const
  const plural = (unit === 'd' || unit === 'bd') && amount !== 1 ? 's' : ''
  return `${amount} ${words[unit]}${plural}`
}

const hoursAndMinutes = (hours: number, minutes: number): string =>
  minutes === 0 ? `${hours} h` : `${hours} h ${String(minutes).padStart(2, '0')}`

const DRILL = '[DRILL] '

/** The title as an exercise carries it. */
export const withDrill = (title: string): string => (title.startsWith(DRILL) ? title : `${DRILL}${title}`)

/** The title without the mark of an exercise. */
export const withoutDrill = (title: string): string =>
  title.startsWith(DRILL) ? title.slice(DRILL.length) : title
