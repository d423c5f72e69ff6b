// Hotfixes: asked for, opened, reviewed, merged or closed.
import type { Event } from './fold/event.ts'
import type { Incident } from './fold/incident.ts'
import { isLive, moveTo, stands } from './status.ts'

export type Hotfix = {
  pull: number
  branch: string
  url: string
  by: string | null
  from?: string
  state: 'draft' | 'ready' | 'merged' | 'closed'
  /** The merge commit. */
  sha?: string
  approvals: string[]
}

/** `reverts`: a revert of this pull request; `refused`: why there is none. */
export type HotfixAsked = {
  key: string
  title?: string
  reverts?: number
  by: string | null
  pull?: number
  refused?: string
}

export type HotfixEvent = Extract<Event, { kind: `hotfix-${string}` }>

export function evolveHotfix(incident: Incident, event: HotfixEvent): void {
  switch (event.kind) {
    case 'hotfix-asked':
      incident.hotfixesAsked.push({
        key: event.key,
        by: event.by,
        ...(event.title && { title: event.title }),
        ...(event.reverts && { reverts: event.reverts }),
      })
      return
    case 'hotfix-opened': {
      const asked = incident.hotfixesAsked.find((one) => one.key === event.asked)
      if (asked) asked.pull = event.pull
      incident.hotfixes.push({
        pull: event.pull,
        branch: event.branch,
        url: event.url,
        by: event.by,
        state: event.ready ? 'ready' : 'draft',
        approvals: [],
        ...(event.from && { from: event.from }),
      })
      if (isLive(incident) && stands(incident.status) < stands('fixing')) moveTo(incident, 'fixing', event)
      return
    }
    case 'hotfix-refused': {
      const asked = incident.hotfixesAsked.find((one) => one.key === event.asked)
      if (asked) asked.refused = event.why
      return
    }
    case 'hotfix-ready':
      return onHotfix(incident, event.pull, (hotfix) => {
        if (hotfix.state === 'draft') hotfix.state = 'ready'
      })
    case 'hotfix-reviewed':
      return onHotfix(incident, event.pull, (hotfix) => {
        // As on GitHub: a comment leaves the approval of its author alone, a change request or a dismissal ends it.
        if (event.state === 'commented') return
        const reviewer = event.reviewer ?? event.by
        hotfix.approvals = hotfix.approvals.filter((login) => login !== reviewer)
        if (event.state === 'approved' && reviewer) hotfix.approvals.push(reviewer)
      })
    case 'hotfix-merged':
      return onHotfix(incident, event.pull, (hotfix) => {
        hotfix.state = 'merged'
        hotfix.sha = event.sha
      })
    case 'hotfix-closed':
      return onHotfix(incident, event.pull, (hotfix) => {
        if (hotfix.state !== 'merged') hotfix.state = 'closed'
      })
  }
}

function onHotfix(incident: Incident, pull: number, change: (hotfix: Hotfix) => void): void {
  const hotfix = incident.hotfixes.find((one) => one.pull === pull)
  if (hotfix) change(hotfix)
}
