// Lengths of time as people write them: `30s 15m 2h 3d`, and business days, `5bd`.

/** A length of time as people write it; `bd` are business days, which only a calendar can count. */
export type Duration = FixedDuration | `${number}bd`

/** A duration whose length is known without a calendar. */
export type FixedDuration = `${number}${'s' | 'm' | 'h' | 'd'}`

export type DurationUnit = 's' | 'm' | 'h' | 'd' | 'bd'

const UNIT_MILLISECONDS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, bd: Number.NaN } as const

function isUnit(text: string | undefined): text is DurationUnit {
  return text !== undefined && Object.hasOwn(UNIT_MILLISECONDS, text)
}

/** The parts of `30s 15m 2h 3d 5bd`, in any case; null for anything else and above 4 digits (so that no sum of
 * a moment and a duration leaves the range of dates). */
export function parseDuration(
  text: string,
): { amount: number; unit: DurationUnit; duration: Duration } | null {
  const match = /^(\d{1,4})([a-z]{1,2})$/.exec(text.trim().toLowerCase())
  const unit = match?.[2]
  if (!match || !isUnit(unit)) return null
  const amount = Number(match[1])
  return { amount, unit, duration: `${amount}${unit}` }
}

/** The length of a duration without business days. */
export function milliseconds(duration: FixedDuration): number {
  const parsed = parseDuration(duration)
  if (!parsed) throw new TypeError(`not a duration: ${duration}`)
  return parsed.amount * UNIT_MILLISECONDS[parsed.unit]
}
