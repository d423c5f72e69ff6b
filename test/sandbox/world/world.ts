// What is true in the sandbox: GitHub's nouns as plain objects that refer to each other.
import type { GitCommit, Repository } from './repository.ts'

export type * from './project.ts'
export type * from './repository.ts'

/** Every time is in milliseconds since the epoch; `iso` writes it as GitHub does. */
export type Millis = number

export type Account = {
  kind: 'User' | 'Organization' | 'Bot'
  id: number
  nodeId: string
  login: string
  name: string | null
  email: string | null
  /** A private repository of a free account offers no draft pull requests. */
  plan: 'free' | 'team'
  /** The people of an organization, with their base role in it; empty for users. */
  members: Map<Account, 'admin' | 'member'>
  createdAt: Millis
}

export type Team = {
  kind: 'Team'
  id: number
  nodeId: string
  organization: Account
  slug: string
  name: string
  members: Account[]
  repositories: Repository[]
}

export type Label = {
  kind: 'Label'
  id: number
  nodeId: string
  repository: Repository
  name: string
  color: string
  description: string | null
}

export type Reaction = {
  kind: 'Reaction'
  id: number
  nodeId: string
  content: '+1' | '-1' | 'laugh' | 'confused' | 'heart' | 'hooray' | 'rocket' | 'eyes'
  user: Account
  createdAt: Millis
}

export type IssueComment = {
  kind: 'IssueComment'
  id: number
  nodeId: string
  issue: Issue
  author: Account
  body: string
  viaApp: boolean
  /** The last edit of its text. */
  edited: { at: Millis; by: Account } | null
  pinned: { at: Millis; by: Account } | null
  reactions: Reaction[]
  createdAt: Millis
  updatedAt: Millis
}

export type LinkedBranch = {
  kind: 'LinkedBranch'
  nodeId: string
  issue: Issue
  repository: Repository
  name: string
}

/** A line of the issue page between comments: "ada added the label incident". */
export type TimelineItem = {
  id: number
  at: Millis
  actor: Account
  event: string
  detail: string
  /** What REST's record of the event tells beside it. */
  about?: { label?: Label; assignee?: Account; rename?: { from: string; to: string }; review?: Review }
}

/** An issue, or the issue half of a pull request (`pull` is then set; they share numbers, as on GitHub). */
export type Issue = {
  kind: 'Issue'
  id: number
  /** Of the pull request, where it is one. */
  nodeId: string
  repository: Repository
  number: number
  title: string
  body: string | null
  state: 'open' | 'closed'
  stateReason: 'completed' | 'not_planned' | 'duplicate' | 'reopened' | null
  /** Set by whoever closed it as a duplicate. */
  duplicateOf: Issue | null
  author: Account
  viaApp: boolean
  /** The last edit of its body. */
  edited: { at: Millis; by: Account } | null
  labels: Label[]
  assignees: Account[]
  locked: boolean
  lockReason: string | null
  comments: IssueComment[]
  reactions: Reaction[]
  parent: Issue | null
  subIssues: Issue[]
  linkedBranches: LinkedBranch[]
  timeline: TimelineItem[]
  pull: PullRequest | null
  createdAt: Millis
  updatedAt: Millis
  closedAt: Millis | null
  closedBy: Account | null
}

export type PullRequest = {
  kind: 'PullRequest'
  id: number
  nodeId: string
  issue: Issue
  head: { repository: Repository; branch: string; sha: string }
  base: { repository: Repository; branch: string; sha: string }
  draft: boolean
  mergedAt: Millis | null
  mergedBy: Account | null
  mergeSha: string | null
  reviews: Review[]
  requestedReviewers: Account[]
  requestedTeams: Team[]
}

export type Review = {
  kind: 'PullRequestReview'
  id: number
  nodeId: string
  pull: PullRequest
  author: Account
  body: string | null
  state: 'approved' | 'changes_requested' | 'commented' | 'dismissed'
  commitSha: string
  submittedAt: Millis
}

export type PermissionName =
  | 'actions'
  | 'checks'
  | 'contents'
  | 'deployments'
  | 'issues'
  | 'members'
  | 'metadata'
  | 'organization_projects'
  | 'pull_requests'
  | 'statuses'
  | 'workflows'
export type PermissionLevel = 'read' | 'write' | 'admin'
export type Permissions = Partial<Record<PermissionName, PermissionLevel>>

export type Installation = {
  kind: 'Installation'
  id: number
  nodeId: string
  account: Account
  permissions: Permissions
  /** `all` of the account, or the chosen ones. */
  selection: 'all' | Repository[]
  suspendedAt: Millis | null
  suspendedBy: Account | null
  createdAt: Millis
  updatedAt: Millis
}

/** Who acts: a person in the browser (no installation), or the app's bot with the rights of its token. */
export type Actor = {
  account: Account
  installation: Installation | null
  /** The token's rights, where it was narrowed; else the installation's. */
  permissions: Permissions | null
  /** The token's repositories, where it was narrowed; else the installation's. */
  repositories: Repository[] | null
}

type AppRegistration = {
  id: number
  nodeId: string
  slug: string
  name: string
  owner: Account
  bot: Account
  clientId: string
  /** SPKI PEM; the private half is only with who started the sandbox. */
  publicKey: string
  events: string[]
  permissions: Permissions
  createdAt: Millis
}

/** What a mutation tells the world; the sandbox turns it into deliveries. */
export type Occurrence = {
  at: Millis
  event: string
  action: string | null
  repository: Repository | null
  organization: Account | null
  /** Set for events about an installation itself; else it is found by repository or organization. */
  installation: Installation | null
  sender: Account
  payload: Record<string, unknown>
}

export type WorldNode =
  | Account
  | Team
  | Repository
  | Label
  | Issue
  | IssueComment
  | Review
  | LinkedBranch
  | GitCommit
  | import('./repository.ts').CheckRun
  | import('./repository.ts').Deployment
  | import('./project.ts').Project
  | import('./project.ts').ProjectField
  | import('./project.ts').ProjectItem
  | import('./project.ts').DraftIssue

export type World = {
  /** Where people browse, without a trailing slash: `http://localhost:4010`. */
  url: string
  /** `${url}/api/v3`. */
  apiUrl: string
  now: () => Millis
  /** Grows with every change: pages poll it. */
  version: number
  nextId: number
  app: AppRegistration
  accounts: Account[]
  teams: Team[]
  repositories: Repository[]
  projects: import('./project.ts').Project[]
  installations: Installation[]
  /** By GraphQL node id; a pull request is found as its `Issue`. */
  nodes: Map<string, WorldNode>
  listeners: Array<(occurrence: Occurrence) => void>
}

/** A refusal in GitHub's words. REST answers it with `status`; GraphQL as an error of `type`. */
export class GitHubRefusal extends Error {
  readonly status: number
  readonly errors: ReadonlyArray<unknown> | undefined
  readonly type: 'NOT_FOUND' | 'FORBIDDEN' | 'UNPROCESSABLE'
  /** The value of X-Accepted-GitHub-Permissions, for a 403. */
  readonly accepted: string | undefined

  constructor(
    status: number,
    message: string,
    more: { errors?: ReadonlyArray<unknown>; accepted?: string } = {},
  ) {
    super(message)
    this.name = 'GitHubRefusal'
    this.status = status
    this.errors = more.errors
    this.accepted = more.accepted
    this.type = status === 404 ? 'NOT_FOUND' : status === 403 ? 'FORBIDDEN' : 'UNPROCESSABLE'
  }
}
