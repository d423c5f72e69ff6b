// Times and dates as people write them in a command, brought into the few forms that the calendar reads.
import { type Arguments, durationOf, plainWord } from './arguments.ts'
import { Wrong } from './wrong.ts'

const ZONES = 'z|utc|gmt|cet|cest|est|edt|cst|cdt|mst|mdt|pst|pdt'
const ZONE = new RegExp(`^(?:${ZONES}|[+-]\\d{2}:\\d{2})$`, 'i')
const CLOCK = new RegExp(
  `^(\\d{1,2}):(\\d{2})(:[0-5]\\d)?([ap]m)?(${ZONES}|[+-]\\d{1,2}(?::?\\d{2})?)?$`,
  'i',
)
const DATE = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/

/** Takes a time from the beginning of the line: `10:45`, `2025-12-18 10:45`, each also with a zone, or `-15m`. Phones
 * write other quotes and dashes; the twelve-hour clock is understood too. Given back as
 * `10:45`, `10:45Z`, `10:45+02:00`, `10:45 CET`, `2025-12-18 10:45`, `-15m`; undefined where no time stands there.
 * @throws Wrong where it looks like a time but is none. */
export function takeTime(args: Arguments): string | undefined {
  const found = timeIn(args.words(4))
  if (found) args.skip(found.used)
  return found?.time
}

/** The time that the first of `words` make, and how many of them it takes.
 * @throws Wrong as `takeTime`. */
export function timeIn(words: string[]): { time: string; used: number } | undefined {
  return matchTime(words.slice(0, 5).map((word) => plainWord(word) ?? ''))
}

/** As `takeTime`, or `now`.
 * @throws Wrong where no time stands there. */
export function requireTime(args: Arguments): string {
  if (args.line().toLowerCase() === 'now') return args.takeLine() ?? 'now'
  const time = takeTime(args)
  if (time === undefined) throw new Wrong('needs-time')
  return time
}

/** `2026-12-01` (also with slashes, dots or without zeros), `today`, `tomorrow`, a weekday, or a duration from now, in the forms
 * of the calendar; undefined for anything else. */
export function dateOf(word: string): string | undefined {
  const text = plainWord(word)?.toLowerCase() ?? ''
  if (text === 'today' || text === 'tomorrow') return text
  const weekday = WEEKDAYS.find((name) => name === text || name.slice(0, 3) === text)
  return weekday ?? isoDate(text) ?? durationOf(text)
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

function matchTime(words: string[]): { time: string; used: number } | undefined {
  const [first = ''] = words
  const relative = /^-(\d{1,4}[a-z]{1,7})$/i.exec(first)?.[1]
  if (relative) {
    const duration = durationOf(relative)
    return duration && !duration.endsWith('bd') ? { time: `-${duration}`, used: 1 } : undefined
  }
  const joined = first.indexOf('T') > 0 ? first.indexOf('T') : first.indexOf('t')
  const dateText = joined > 0 ? first.slice(0, joined) : first
  if (!DATE.test(dateText)) return matchClock(words)
  const date = isoDate(dateText)
  const clock = matchClock(joined > 0 ? [first.slice(joined + 1), ...words.slice(1)] : words.slice(1), date)
  if (!clock) return undefined
  if (!date) throw new Wrong('no-such-day')
  return { time: `${date} ${clock.time}`, used: clock.used + (joined > 0 ? 0 : 1) }
}

function matchClock(words: string[], date?: string): { time: string; used: number } | undefined {
  const match = CLOCK.exec(words[0] ?? '')
  if (!match) return undefined
  const [, hours = '', minutes = '', seconds = '', attachedHalf, attachedZone] = match
  let used = 1
  const nextHalf = /^([ap])\.?m$/i.exec(words[1] ?? '')?.[1]
  const half = attachedHalf?.charAt(0) ?? (attachedZone ? undefined : nextHalf)
  if (half && !attachedHalf) used += 1
  const hour = hourOf(Number(hours), half?.toLowerCase())
  if (hour === undefined || Number(minutes) > 59) throw new Wrong('no-such-time')
  const clock = `${String(hour).padStart(2, '0')}:${minutes}`
  const nextZone = !attachedZone && ZONE.test(words[used] ?? '') ? words[used] : undefined
  if (nextZone) used += 1
  const zone = attachedZone ?? nextZone
  if (!date && zone?.startsWith('-') && isLater(zone.slice(1), clock)) throw new Wrong('span-or-zone')
  return { time: clock + seconds + zoneText(zone), used }
}

/** The hour of the day, 0 to 23; `half` is `a` or `p` on the twelve-hour clock. */
function hourOf(hours: number, half: string | undefined): number | undefined {
  if (half === undefined) return hours <= 23 ? hours : undefined
  if (hours < 1 || hours > 12) return undefined
  return (hours % 12) + (half === 'p' ? 12 : 0)
}

/** Whether `10:00-11:00` is more likely a span than a zone eleven hours west. */
function isLater(end: string, start: string): boolean {
  const [hours = '', minutes = '00'] = end.includes(':') ? end.split(':') : [end.slice(0, -2), end.slice(-2)]
  return end.length > 2 && `${hours.padStart(2, '0')}:${minutes}` > start
}

function zoneText(zone: string | undefined): string {
  if (zone === undefined) return ''
  const name = zone.toUpperCase()
  if (name === 'Z') return name
  const offset = /^([+-])(\d{1,2}?):?(\d{2})?$/.exec(name)
  if (!offset) return ` ${name}`
  const [, sign = '+', hours = '', minutes = '00'] = offset
  if (Number(hours) > 14 || Number(minutes) > 59) throw new Wrong('no-such-zone')
  return `${sign}${hours.padStart(2, '0')}:${minutes}`
}

function isoDate(text: string): string | undefined {
  const match = DATE.exec(text)
  if (!match) return undefined
  const [, year = '', month = '', day = ''] = match
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const moment = new Date(`${date}T00:00:00Z`)
  if (Number.isNaN(moment.getTime())) return undefined
  return moment.toISOString().startsWith(date) ? date : undefined
}
