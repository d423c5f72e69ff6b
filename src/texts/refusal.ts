// The view of the template `refusal`: why something did not take effect, and the right form.
import { nearest } from '../incident/policy/nearest.ts'
import { formatMoment } from '../incident/timeline/format.ts'
import { Markup, span } from '../markdown.ts'
import type { AnyRefusal } from '../shell/answer.ts'
import type { View } from '../templates/templates.ts'
import { camelCase } from './limits.ts'

/** The view of one refusal: its words stand under its code's name, as `startedAfter`. */
export function refusalView(refusal: AnyRefusal): View {
  if (refusal.code === 'sentence') return { sentence: new Markup(refusal.sentence) }
  if (refusal.code === 'mistake') return { mistake: mistakeView(refusal) }
  if (refusal.code === 'unknown') {
    const { given, near } = refusal
    return { unknown: { given: inSpan(given), near: near && inSpan(near) } }
  }
  if (refusal.code === 'put-back') return { putBack: putBackView(refusal) }
  const { code, ...words } = refusal
  const allowed = 'allowed' in words ? words.allowed : []
  return {
    [camelCase(code)]: {
      ...words,
      present: true,
      ...('given' in words && { given: String(words.given) }),
      ...('until' in words && words.until !== undefined && { until: new Markup(words.until) }),
      ...('time' in words && { time: formatMoment(words.time) }),
      allowed: allowed.join(' '),
      example:
        nearest('given' in words ? String(words.given) : '', allowed) ?? allowed[1] ?? allowed[0] ?? '',
    },
  }
}

/** What is wrong with a command, under the name of its problem, as `needsText`. */
const mistakeView = ({ given, problem, right, allowed }: Extract<AnyRefusal, { code: 'mistake' }>): View => ({
  given: inSpan(given),
  right: inSpan(right),
  allowed: inSpan(allowed.join(' ')),
  [camelCase(problem)]: true,
})

/** What was put back stands under its name; answers of older versions say it in words, as `act`. */
const putBackView = ({ change, act, has, user }: Extract<AnyRefusal, { code: 'put-back' }>): View => ({
  act,
  has,
  user,
  ...(change && { [change]: true }),
})

/** A command as it was written, or as it is written right: on one visible line, which a column mark may stand in. */
const inSpan = (line: string): Markup => new Markup(span(line))
