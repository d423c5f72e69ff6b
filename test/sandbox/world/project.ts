// The Projects v2 half of the sandbox's state.
import type { Account, Issue, Millis, Repository } from './world.ts'

export type ProjectFieldType =
  | 'TITLE'
  | 'ASSIGNEES'
  | 'LABELS'
  | 'REPOSITORY'
  | 'MILESTONE'
  | 'LINKED_PULL_REQUESTS'
  | 'PARENT_ISSUE'
  | 'SUB_ISSUES_PROGRESS'
  | 'REVIEWERS'
  | 'TEXT'
  | 'NUMBER'
  | 'DATE'
  | 'SINGLE_SELECT'

/** `id` is GitHub's eight hex digits; a value that names an id no longer in the field is an orphan. */
export type SingleSelectOption = { id: string; name: string; color: string; description: string }

export type ProjectField = {
  kind: 'ProjectField'
  id: number
  nodeId: string
  project: Project
  name: string
  dataType: ProjectFieldType
  options: SingleSelectOption[]
  createdAt: Millis
  updatedAt: Millis
}

export type FieldValue =
  | { type: 'text'; text: string }
  | { type: 'number'; number: number }
  /** `YYYY-MM-DD`. */
  | { type: 'date'; date: string }
  | { type: 'option'; optionId: string }

export type DraftIssue = {
  kind: 'DraftIssue'
  id: number
  nodeId: string
  title: string
  body: string
  creator: Account
}

export type ProjectItem = {
  kind: 'ProjectItem'
  id: number
  nodeId: string
  project: Project
  content: Issue | DraftIssue
  creator: Account
  archivedAt: Millis | null
  /** Set through the board; title, labels and assignees are read from `content`. */
  values: Map<ProjectField, FieldValue>
  createdAt: Millis
  updatedAt: Millis
}

export type ProjectStatusUpdate = {
  id: number
  nodeId: string
  status: 'INACTIVE' | 'ON_TRACK' | 'AT_RISK' | 'OFF_TRACK' | 'COMPLETE' | null
  body: string
  creator: Account
  startDate: string | null
  targetDate: string | null
  createdAt: Millis
  updatedAt: Millis
}

export type ProjectView = {
  id: number
  nodeId: string
  number: number
  name: string
  layout: 'table' | 'board' | 'roadmap'
  filter: string | null
  /** Field database ids. */
  visibleFields: number[]
  groupBy: number[]
  verticalGroupBy: number[]
  sortBy: Array<[number, 'asc' | 'desc']>
  creator: Account
  createdAt: Millis
}

export type Project = {
  kind: 'Project'
  id: number
  nodeId: string
  number: number
  /** An organization, or a user (whose boards no app can see). */
  owner: Account
  title: string
  shortDescription: string | null
  readme: string | null
  public: boolean
  closed: boolean
  /** The built-in workflow "item closed": sets Status to Done. */
  automation: boolean
  creator: Account
  fields: ProjectField[]
  items: ProjectItem[]
  /** Newest last. */
  statusUpdates: ProjectStatusUpdate[]
  views: ProjectView[]
  repositories: Repository[]
  createdAt: Millis
  updatedAt: Millis
}
