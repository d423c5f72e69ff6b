// People: who acknowledges, who leads, who has a role, who is paged and whether that reached them.
import { acknowledge, isResolved } from './base/lifecycle.ts'
import { type Rules, unless } from './base/rule.ts'
import type { Event, Incident } from './fold/nouns.ts'

/** Whether one target was told. `unknown`: it is nobody on GitHub, or cannot see the repository; `no-channel`: nothing of
 * that name is configured; `drill`: an exercise tells nobody. */
export type Outcome = { to: string; outcome: 'sent' | 'unknown' | 'no-channel' | 'drill' }

export type PeopleFact =
  | { kind: 'acknowledged' }
  | { kind: 'lead-set'; user: string; note?: string | undefined }
  | { kind: 'assigned'; user: string }
  | { kind: 'role-set'; role: string; user: string }
  /** `target` as it was written, `names` whom that means: a service pages its owners. */
  | { kind: 'paged'; target: string; names: string[]; text?: string | undefined }
  /** The outcome of telling people; `of` are the keys of the facts that were told. */
  | { kind: 'notified'; of: string[]; outcomes: Outcome[]; url: string }
  /** A person wrote something that states no fact: somebody is there. */
  | { kind: 'spoke' }

export type PeopleState = {
  lead: string | null
  leadSince: number | null
  roles: Record<string, string>
  pages: { key: string; names: string[]; by: string | null; text?: string }[]
  /** The outcome of telling people, by the key of the fact that was told. */
  notified: Record<string, { outcomes: Outcome[]; url: string }>
}

export const PEOPLE: Rules<PeopleFact> = {
  acknowledged: {
    told: true,
    decide: (incident) =>
      isResolved(incident)
        ? { code: 'over', status: incident.status }
        : unless(incident.milestones.acknowledged !== undefined && incident.lead !== null),
    evolve(incident, event) {
      acknowledge(incident, event)
      if (!incident.lead) leadByAcknowledging(incident, event)
    },
  },
  'lead-set': {
    told: true,
    words: 'note',
    wordless: true,
    decide: (incident, { user, by }) =>
      // Somebody made the lead by another person acknowledges with `/lead`.
      incident.milestones.acknowledged === undefined && isSame(user, by)
        ? 'takes-effect'
        : unless(isSame(user, incident.lead)),
    evolve: takeLead,
  },
  assigned: {
    told: true,
    decide: ({ lead }) => unless(lead !== null),
    evolve: takeLead,
  },
  'role-set': {
    told: true,
    decide: ({ roles }, { role, user }) => unless(roles[role] === user),
    evolve({ roles }, { role, user }) {
      roles[role] = user
    },
  },
  paged: {
    told: true,
    words: 'text',
    wordless: true,
    decide: (incident) => (isResolved(incident) ? { code: 'over', status: incident.status } : 'takes-effect'),
    evolve({ pages }, { key, names, by, text }) {
      pages.push({ key, names, by, ...(text && { text }) })
    },
  },
  notified: {
    always: 'anywhere',
    evolve({ notified }, { of, outcomes, url }) {
      for (const key of of) notified[key] = { outcomes, url }
    },
  },
  spoke: { always: 'anywhere' },
}

/** GitHub's logins are the same in any case. */
export const isSame = (login: string, other: string | null): boolean =>
  login.toLowerCase() === other?.toLowerCase()

type Taking = { user: string; at: number; by: string | null; key: string }

function takeLead(incident: Incident, event: Taking): void {
  if (isSame(event.user, event.by)) acknowledge(incident, event)
  setLead(incident, event.user, event.at)
}

/** The first to acknowledge also leads where nobody does, and the row says so. */
function leadByAcknowledging(incident: Incident, event: Event): void {
  setLead(incident, event.by, event.at)
  const entry = incident.entries.at(-1)
  if (entry?.event === event) entry.leads = true
}

function setLead(incident: Incident, user: string | null, at: number): void {
  if (incident.lead?.toLowerCase() === user?.toLowerCase()) return
  incident.lead = user
  incident.leadSince = at
}
