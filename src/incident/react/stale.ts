// Whether a comment that was planned still makes sense: it is read again before it is written.
import { isOver } from '../base/lifecycle.ts'
import { isNudgeStale, type NudgeNotice } from '../clock/nudges.ts'
import type { Incident } from '../fold/nouns.ts'
import { missingFields } from '../review.ts'
import { owesReason } from '../status.ts'
import type { Notice } from './notice.ts'

/** An acknowledged, cancelled or resolved incident never pages. */
export function isStale(notice: Notice, incident: Incident): boolean {
  switch (notice.about) {
    case 'escalation': {
      const { overdue, at } = notice
      const answered = overdue
        ? (incident.updatedAt ?? 0) >= at
        : incident.milestones.acknowledged !== undefined
      return isOver(incident) || answered
    }
    case 'ask-severity':
      return isOver(incident) || !incident.severityAssumed
    case 'ask-reopen':
      return !owesReason(incident)
    case 'ask-item': {
      const asked = incident.items.find((item) => item.key === notice.item)
      return asked?.state !== 'open' || missingFields(asked).length === 0
    }
    case 'ask-accept':
      return incident.status !== 'triage'
    case 'change':
    case 'page':
    case 'review-incomplete':
    case 'hotfix-refused':
      return false
    default:
      return isNudgeStale(incident, notice satisfies NudgeNotice)
  }
}
