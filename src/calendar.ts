// The core's calendar, by luxon: working hours, time zones and written times.
import { DateTime, IANAZone, type Zone } from 'luxon'
import { type Duration, parseDuration } from './incident/policy/duration.ts'
import type { Calendar, Policy, Weekday } from './incident/policy/policy.ts'

type Clock = { hour: number; minute: number; second: number }

/** By luxon's numbers: Monday is 1. */
const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const WEEKDAY_NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

const LUXON_UNITS = { s: 'seconds', m: 'minutes', h: 'hours', d: 'days' } as const

/** Hours east of Greenwich of the suffixes that a written time may have. They are fixed: `EST` is
 * -5 in summer too, as its writer means the abbreviation and not a place. */
const OFFSETS: { readonly [suffix: string]: number } = {
  Z: 0,
  UTC: 0,
  GMT: 0,
  CET: 1,
  CEST: 2,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
}

/** The calendar of one repository. Every moment is in milliseconds since the epoch. */
export function createCalendar(policy: Pick<Policy, 'timezone' | 'working_hours'>): Calendar {
  const opening = clockOf(policy.working_hours.from)
  const closing = clockOf(policy.working_hours.to)
  const days = new Set(policy.working_hours.days.map((day) => WEEKDAYS.indexOf(day) + 1))
  const zoneOf = (name: string | undefined): Zone =>
    knownZone(name) ?? knownZone(policy.timezone) ?? IANAZone.create('UTC')
  const local = (at: number, zone?: string) => DateTime.fromMillis(at, { zone: zoneOf(zone) })
  const isWorkingDay = (day: DateTime) => days.has(day.weekday)

  const nextOpening = (from: DateTime): DateTime => {
    let day = from
    while (!isWorkingDay(day)) day = day.plus({ days: 1 })
    return day.startOf('day').set(opening)
  }

  const nextWorking = (at: number, zone?: string): number => {
    const now = local(at, zone)
    const opens = now.startOf('day').set(opening)
    if (!isWorkingDay(now) || now >= now.startOf('day').set(closing)) {
      return nextOpening(now.startOf('day').plus({ days: 1 })).toMillis()
    }
    return Math.max(at, opens.toMillis())
  }

  return {
    add: (from, duration, zone) => add(local(from, zone), duration, isWorkingDay),
    isWorking: (at, zone) => nextWorking(at, zone) === at,
    nextWorking,
    opens: (date, zone) => nextOpening(DateTime.fromISO(date, { zone: zoneOf(zone) })).toMillis(),
    nextMonday: (at, zone) => {
      const thisWeek = local(at, zone).startOf('week').set(opening)
      return (thisWeek.toMillis() > at ? thisWeek : thisWeek.plus({ weeks: 1 })).toMillis()
    },
    date: (at, zone) => local(at, zone).toFormat('yyyy-MM-dd'),
    parts: (at, zone) => {
      const [yyyy = '', mm = '', dd = '', HH = '', MM = ''] = local(at, zone)
        .toFormat('yyyy MM dd HH mm')
        .split(' ')
      return { yyyy, mm, dd, HH, MM }
    },
    parseTime: (text, now, zone) => parseTime(text, now, zoneOf(zone)),
    parseDate: (text, now, zone) => parseDate(text, local(now, zone), isWorkingDay),
    addDays: (date, count) =>
      DateTime.fromISO(date, { zone: 'utc' }).plus({ days: count }).toFormat('yyyy-MM-dd'),
    daysBetween: (from, to) => {
      const midnight = (date: string) => DateTime.fromISO(date, { zone: 'utc' })
      return Math.round(midnight(to).diff(midnight(from), 'days').days)
    },
  }
}

/** Zones that exist. Asking whether one does costs more than all else that a timer's moment takes. */
const zones = new Map<string, Zone>()

function knownZone(name: string | undefined): Zone | undefined {
  if (name === undefined) return undefined
  const known = zones.get(name)
  if (known || !IANAZone.isValidZone(name)) return known
  const zone = IANAZone.create(name)
  zones.set(name, zone)
  return zone
}

function clockOf(text: string): Clock {
  const [hour = 0, minute = 0, second = 0] = text.split(':').map(Number)
  return { hour, minute, second }
}

/** Days and business days keep the wall clock, hours and below are exact. A wall clock that a change of summer time
 * skips is moved forward by it. */
function add(from: DateTime, duration: Duration, isWorkingDay: (day: DateTime) => boolean): number {
  const parsed = parseDuration(duration)
  if (!parsed) throw new TypeError(`not a duration: ${duration}`)
  const { amount, unit } = parsed
  if (unit !== 'bd') return from.plus({ [LUXON_UNITS[unit]]: amount }).toMillis()
  let days = 0
  for (let left = amount; left > 0; ) {
    days += 1
    if (isWorkingDay(from.plus({ days }))) left -= 1
  }
  return from.plus({ days }).toMillis()
}

const TIME =
  /^(?:(\d{4}-\d{2}-\d{2})(?:[ t]|, )\s*)?(\d{1,2}:\d{2}(?::\d{2})?) ?([a-z]{1,4}|[+-]\d{2}:?\d{2})?$/i

/** See `Calendar.parseTime`. */
function parseTime(text: string, now: number, zone: Zone): number | null {
  const written = text.trim().replace(/[–—−]/g, '-').replace(/\s+/g, ' ')
  if (written.toLowerCase() === 'now') return now
  const ago = written.startsWith('-') ? parseDuration(written.slice(1)) : null
  if (ago && ago.unit !== 'bd')
    return DateTime.fromMillis(now, { zone })
      .minus({ [LUXON_UNITS[ago.unit]]: ago.amount })
      .toMillis()
  const match = TIME.exec(written)
  if (!match?.[2]) return null
  const writtenZone = match[3] === undefined ? zone.name : suffixZone(match[3])
  if (writtenZone === null) return null
  const clock = clockOf(match[2])
  if (clock.hour > 23 || clock.minute > 59 || clock.second > 59) return null
  if (match[1] === undefined) return latest(clock, DateTime.fromMillis(now, { zone: writtenZone }))
  const day = DateTime.fromISO(match[1], { zone: writtenZone })
  return day.isValid ? day.set(clock).toMillis() : null
}

function suffixZone(suffix: string): string | null {
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(suffix)
  if (offset) {
    const isPossible = Number(offset[2]) <= 14 && Number(offset[3]) <= 59
    return isPossible ? `UTC${offset[1]}${offset[2]}:${offset[3]}` : null
  }
  const key = suffix.toUpperCase()
  const hours = Object.hasOwn(OFFSETS, key) ? OFFSETS[key] : undefined
  return hours === undefined ? null : `UTC${hours < 0 ? '-' : '+'}${Math.abs(hours)}`
}

/** The latest moment not after `now` at which a wall clock shows `clock`: today, else a day before. The minute that
 * is running counts as past, and in the hour that autumn repeats its later pass wins when it has come. */
function latest(clock: Clock, now: DateTime): number {
  for (let days = 0; days <= 2; days++) {
    const day = now.minus({ days }).set({ ...clock, millisecond: 0 })
    const shown = day.hour === clock.hour && day.minute === clock.minute
    const passes = shown ? day.getPossibleOffsets().map((pass) => pass.toMillis()) : []
    const past = passes.filter((at) => at <= now.toMillis())
    if (past.length > 0) return Math.max(...past)
  }
  return now
    .minus({ days: 1 })
    .set({ ...clock, millisecond: 0 })
    .toMillis()
}

/** See `Calendar.parseDate`. */
function parseDate(text: string, now: DateTime, isWorkingDay: (day: DateTime) => boolean): string | null {
  const written = text.trim().toLowerCase()
  const iso = (day: DateTime) => day.toFormat('yyyy-MM-dd')
  if (/^\d{4}-\d{2}-\d{2}$/.test(written)) {
    const day = DateTime.fromISO(written, { zone: 'utc' })
    return day.isValid ? iso(day) : null
  }
  if (written === 'today') return iso(now)
  if (written === 'tomorrow') return iso(now.plus({ days: 1 }))
  const weekday = WEEKDAY_NAMES.findIndex((name) => name === written || name.slice(0, 3) === written) + 1
  if (weekday > 0) return iso(now.plus({ days: ((weekday - now.weekday + 6) % 7) + 1 }))
  const duration = parseDuration(written)
  if (!duration) return null
  return iso(DateTime.fromMillis(add(now, duration.duration, isWorkingDay), { zone: now.zone }))
}
