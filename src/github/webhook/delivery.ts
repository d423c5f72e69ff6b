// The types of a delivery: what Mayday reads of GitHub's webhooks.

export type Person = { login: string; bot: boolean }
export type DeliveredRepository = {
  id: number
  owner: string
  name: string
  private: boolean
  defaultBranch: string
  organization: boolean
}
/** An issue as a delivery shows it; times in milliseconds. */
export type DeliveredIssue = {
  number: number
  nodeId: string
  title: string
  body: string
  stateReason: string | null
  url: string
  labels: string[]
  assignees: string[]
  createdAt: number
  updatedAt: number
  closedAt: number | null
  pull: boolean
}
export type DeliveredPull = {
  number: number
  nodeId: string
  title: string
  url: string
  author: string | null
  draft: boolean
  merged: boolean
  mergeSha: string | null
  head: string
  base: string
  sameRepository: boolean
  /** Milliseconds. */
  createdAt: number
}

/** A transfer of an issue; GitHub sends it from both repositories. */
export type Transfer = {
  from: { repository: number; number: number }
  to: { repository: DeliveredRepository; issue: DeliveredIssue }
}

/** Where it happened, who did it, and when. */
export type Origin = { installation: number; repository: DeliveredRepository; sender: Person; at: number }

/** A delivery cut to what we use. `at` is GitHub's own time of what happened, never the time of arrival. */
export type Delivery =
  | ({
      kind: 'issue'
      action: string
      issue: DeliveredIssue
      label?: string
      assignee?: string
      titleBefore?: string
      bodyBefore?: string
      moved?: Transfer
    } & Origin)
  | ({
      kind: 'comment'
      action: string
      issue: DeliveredIssue
      comment: { id: number; body: string; bodyBefore?: string; url: string }
    } & Origin)
  | ({ kind: 'pull'; action: string; pull: DeliveredPull; label?: string } & Origin)
  | ({
      kind: 'pull-review'
      action: string
      pull: DeliveredPull
      /** `author` wrote it; who sent the delivery may have dismissed it. */
      review: { id: number; state: string; url: string; author: string | null }
    } & Origin)
  | ({
      kind: 'deployment'
      environment: string
      sha: string
      state: string
      id: number
      url: string | null
    } & Origin)
  | ({ kind: 'push'; branch: string; paths: string[] } & Omit<Origin, 'sender' | 'at'>)
  | {
      kind: 'card'
      installation: number
      node: string
      field: string
      to: string
      sender: Person
      at: number
      id: number
    }
  | {
      kind: 'installation'
      action: string
      installation: number
      account: { login: string; type: string }
      permissions: Record<string, string>
      createdAt: number | null
      added: { id: number; owner: string; name: string; private: boolean }[]
      removed: number[]
    }
  | ({ kind: 'repository'; action: string } & Omit<Origin, 'at'>)
