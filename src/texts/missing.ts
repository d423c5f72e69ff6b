// What a review still lacks, in words.

import type { Incident } from '../incident/fold/nouns.ts'
import type { Item } from '../incident/item.ts'
import type { Missing } from '../incident/review.ts'
import { Markup } from '../markdown.ts'
import { headingOf } from './review.ts'

/** One missing thing as a line for a person, with the command or edit that mends it. */
export function missingInWords(missing: Missing, incident: Incident): Markup {
  switch (missing.what) {
    case 'section':
      return new Markup(`the section ${headingOf(missing.section)} is empty`)
    case 'owner':
      return new Markup(`${itemName(missing.item)} has no owner: \`/assign @user\` there`)
    case 'due':
      return new Markup(`${itemName(missing.item)} has no date: \`/due 14d\` there`)
    case 'approval':
      return new Markup(
        `nobody has approved it: somebody with write permission${incident.lead ? ` other than ${incident.lead}` : ''} says \`/approve\` here`,
      )
  }
}
const itemName = (item: Item): string => (item.issue ? `#${item.issue}` : `action item ${item.place}`)
