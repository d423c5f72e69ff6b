// The repository half of the sandbox's state: git, checks, deployments and Actions.
import type { Account, Issue, Label, Millis } from './world.ts'

export type Role = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin'

export type Repository = {
  kind: 'Repository'
  id: number
  nodeId: string
  owner: Account
  name: string
  description: string | null
  private: boolean
  archived: boolean
  hasIssues: boolean
  defaultBranch: string
  /** What each person may do, where it was given; see `roleOf`. */
  collaborators: Map<Account, Role>
  labels: Label[]
  /** Issues and pull requests, by number. */
  issues: Map<number, Issue>
  nextNumber: number
  /** Where a transferred or deleted issue's number leads: the new issue, or nothing (410). */
  moved: Map<number, Issue | null>
  /** Branch name → commit. */
  branches: Map<string, string>
  tags: Map<string, string>
  commits: Map<string, GitCommit>
  /** Tree sha → its files, and blob sha → its content. */
  trees: Map<string, Files>
  blobs: Map<string, string>
  protection: Map<string, BranchProtection>
  checkRuns: CheckRun[]
  checkSuites: CheckSuite[]
  statuses: CommitStatus[]
  deployments: Deployment[]
  workflows: Workflow[]
  workflowRuns: WorkflowRun[]
  /** Earlier `owner/name`s, which still lead here. */
  formerNames: string[]
  createdAt: Millis
  updatedAt: Millis
  pushedAt: Millis
}

/** Path → content (text only). */
export type Files = ReadonlyMap<string, string>

export type GitIdentity = { name: string; email: string; at: Millis; account: Account | null }

export type GitCommit = {
  kind: 'Commit'
  nodeId: string
  repository: Repository
  sha: string
  message: string
  author: GitIdentity
  committer: GitIdentity
  parents: string[]
  treeSha: string
  /** The whole tree at this commit. */
  files: Files
  verified: boolean
}

export type BranchProtection = {
  requiredApprovals: number
  requiredChecks: string[]
  /** Nobody may push or create it directly. */
  locked: boolean
}

export type CheckConclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required'

export type CheckSuite = {
  id: number
  nodeId: string
  repository: Repository
  headSha: string
  headBranch: string | null
  /** `mayday`, or another app's slug such as `github-actions`. */
  app: string
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: CheckConclusion | null
  createdAt: Millis
  updatedAt: Millis
}

export type CheckAnnotation = {
  path: string
  start_line: number
  end_line: number
  annotation_level: 'notice' | 'warning' | 'failure'
  message: string
  title?: string | null
  raw_details?: string | null
}

export type CheckRun = {
  kind: 'CheckRun'
  id: number
  nodeId: string
  repository: Repository
  suite: CheckSuite
  name: string
  headSha: string
  externalId: string
  detailsUrl: string | null
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: CheckConclusion | null
  output: {
    title: string | null
    summary: string | null
    text: string | null
    annotations: CheckAnnotation[]
  }
  startedAt: Millis
  completedAt: Millis | null
}

export type CommitStatus = {
  id: number
  nodeId: string
  sha: string
  state: 'error' | 'failure' | 'pending' | 'success'
  context: string
  description: string | null
  targetUrl: string | null
  creator: Account
  createdAt: Millis
}

export type DeploymentState =
  | 'error'
  | 'failure'
  | 'inactive'
  | 'in_progress'
  | 'queued'
  | 'pending'
  | 'success'

export type DeploymentStatus = {
  id: number
  nodeId: string
  state: DeploymentState
  creator: Account
  description: string
  environmentUrl: string
  logUrl: string
  createdAt: Millis
}

export type Deployment = {
  kind: 'Deployment'
  id: number
  nodeId: string
  repository: Repository
  sha: string
  ref: string
  task: string
  environment: string
  description: string | null
  payload: Record<string, unknown>
  creator: Account
  /** Newest last. */
  statuses: DeploymentStatus[]
  createdAt: Millis
  updatedAt: Millis
}

export type WorkflowInput = {
  required: boolean
  default: string | null
  type: string
  options: string[] | null
}

export type Workflow = {
  id: number
  nodeId: string
  repository: Repository
  name: string
  path: string
  /** Null: the workflow cannot be dispatched. */
  inputs: Map<string, WorkflowInput> | null
  createdAt: Millis
}

export type WorkflowRun = {
  id: number
  nodeId: string
  repository: Repository
  workflow: Workflow
  runNumber: number
  event: string
  headSha: string
  headBranch: string
  inputs: Record<string, string>
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: CheckConclusion | null
  actor: Account
  suite: CheckSuite
  createdAt: Millis
  updatedAt: Millis
}
