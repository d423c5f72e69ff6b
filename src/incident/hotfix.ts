// Hotfixes: asked for, opened, reviewed, merged, closed, deployed.
import { isLive, isResolved, moveTo, position } from './base/lifecycle.ts'
import { type Decision, type Rules, unless } from './base/rule.ts'
import type { Incident } from './fold/nouns.ts'

/** What a pull request's review says; `dismissed` by somebody else, so it names its reviewer. */
type ReviewState = 'approved' | 'changes_requested' | 'commented' | 'dismissed'

export type HotfixFact =
  /** `reverts`: the fix is to take this merged pull request back. */
  | { kind: 'hotfix-asked'; title?: string | undefined; reverts?: number }
  | {
      kind: 'hotfix-opened'
      pull: number
      branch: string
      url: string
      from?: string | undefined
      asked?: string
      reverts?: number | undefined
      /** It is no draft. */
      ready?: true | undefined
    }
  | { kind: 'hotfix-refused'; asked: string; why: string; reverts?: number | undefined }
  | { kind: 'hotfix-reviewed'; pull: number; state: ReviewState; reviewer?: string }
  | { kind: 'hotfix-ready'; pull: number }
  | { kind: 'hotfix-merged'; pull: number; sha: string }
  | { kind: 'hotfix-closed'; pull: number }
  | {
      kind: 'deployed'
      environment: string
      sha: string
      state: 'success' | 'failure'
      deployUrl?: string
    }

type Hotfix = {
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
export type HotfixRequest = {
  key: string
  title?: string
  reverts?: number
  by: string | null
  pull?: number
  refused?: string
}

export type HotfixState = { hotfixes: Hotfix[]; hotfixesAsked: HotfixRequest[] }

export const HOTFIXES: Rules<HotfixFact> = {
  'hotfix-asked': {
    decide: (incident) => (isResolved(incident) ? { code: 'over', status: incident.status } : 'takes-effect'),
    evolve({ hotfixesAsked }, { key, by, title, reverts }) {
      hotfixesAsked.push({ key, by, ...(title && { title }), ...(reverts && { reverts }) })
    },
  },
  'hotfix-opened': {
    told: true,
    decide: ({ hotfixes }, { pull }) => unless(hotfixes.some((hotfix) => hotfix.pull === pull)),
    evolve(incident, { pull, branch, url, from, asked, ready, at, by, key }) {
      const request = requestOf(incident, asked)
      if (request) request.pull = pull
      const state = ready ? 'ready' : 'draft'
      incident.hotfixes.push({ pull, branch, url, by, state, approvals: [], ...(from && { from }) })
      if (isLive(incident) && position(incident.status) < position('fixing'))
        moveTo(incident, 'fixing', { at, by, key })
    },
  },
  'hotfix-refused': {
    told: true,
    words: 'why',
    evolve(incident, { asked, why }) {
      const request = requestOf(incident, asked)
      if (request) request.refused = why
    },
  },
  'hotfix-ready': {
    decide: ifKnown,
    evolve: (incident, { pull }) =>
      onHotfix(incident, pull, (hotfix) => {
        if (hotfix.state === 'draft') hotfix.state = 'ready'
      }),
  },
  'hotfix-reviewed': {
    told: true,
    decide: ifKnown,
    evolve: (incident, { pull, state, reviewer: named, by }) =>
      onHotfix(incident, pull, (hotfix) => {
        // As on GitHub: a comment leaves its author's approval alone, a change request or a dismissal ends it.
        if (state === 'commented') return
        const reviewer = named ?? by
        hotfix.approvals = hotfix.approvals.filter((login) => login !== reviewer)
        if (state === 'approved' && reviewer) hotfix.approvals.push(reviewer)
      }),
  },
  'hotfix-merged': {
    told: true,
    decide: ifKnown,
    evolve: (incident, { pull, sha }) =>
      onHotfix(incident, pull, (hotfix) => {
        hotfix.state = 'merged'
        hotfix.sha = sha
      }),
  },
  'hotfix-closed': {
    told: true,
    decide: ifKnown,
    evolve: (incident, { pull }) =>
      onHotfix(incident, pull, (hotfix) => {
        if (hotfix.state !== 'merged') hotfix.state = 'closed'
      }),
  },
  deployed: {
    told: true,
    /** Only a deployment of a merged hotfix concerns the incident; its webhook may come before the merge's. */
    decide: ({ hotfixes }, { sha }) => unless(!hotfixes.some((hotfix) => hotfix.sha?.startsWith(sha))),
  },
}

const requestOf = ({ hotfixesAsked }: Incident, key: string | undefined): HotfixRequest | undefined =>
  hotfixesAsked.find((request) => request.key === key)

function ifKnown({ hotfixes }: Incident, { pull }: { pull: number }): Decision {
  return unless(!hotfixes.some((hotfix) => hotfix.pull === pull))
}

function onHotfix({ hotfixes }: Incident, pull: number, change: (hotfix: Hotfix) => void): void {
  const found = hotfixes.find((hotfix) => hotfix.pull === pull)
  if (found) change(found)
}
