// What a person does in the browser, as verbs: `sandbox.as('ada').label(issue, 'incident')`.

import { addComment, deleteComment, pinComment, react, updateComment } from './mutate/comments.ts'
import { commitOnBranch, createRef } from './mutate/git.ts'
import { deleteIssue, lockIssue, transferIssue, unlockIssue } from './mutate/issue-life.ts'
import { addAssignees, createIssue, removeAssignees, updateIssue } from './mutate/issues.ts'
import { addItem, setFieldValue } from './mutate/items.ts'
import { addLabels, createLabel, deleteLabel, removeLabel } from './mutate/labels.ts'
import { type Merge, mergePull } from './mutate/merges.ts'
import { createPull, requestReviewers, setDraft, updatePull } from './mutate/pulls.ts'
import { createReview } from './mutate/reviews.ts'
import { findAccount } from './world/find.ts'
import { personActor } from './world/rules.ts'
import type {
  Actor,
  FieldValue,
  GitCommit,
  Issue,
  IssueComment,
  Label,
  Project,
  ProjectField,
  ProjectItem,
  Repository,
  Review,
  World,
} from './world/world.ts'

export type Person = ReturnType<typeof makePerson>

/** The first repository of the world is the one that is meant when none is named. */
export function makePerson(world: World, login: string) {
  const account = findAccount(world, login)
  if (account === undefined) throw new Error(`Nobody is called ${login} here`)
  const actor = personActor(account)
  return {
    account,
    actor,
    ...issueVerbs(world, actor),
    ...talkVerbs(world, actor),
    ...codeVerbs(world, actor),
    ...boardVerbs(world, actor),
  }
}

function firstRepository(world: World): Repository {
  const [first] = world.repositories
  if (first === undefined) throw new Error('There is no repository')
  return first
}

type OpenIssue = {
  repo?: Repository
  title: string
  body?: string
  labels?: string[]
  assignees?: string[]
  /** Through an issue form, whose labels are set whoever opens it. */
  viaForm?: boolean
}

function issueVerbs(world: World, actor: Actor) {
  return {
    openIssue: ({ repo, viaForm, ...input }: OpenIssue): Issue =>
      createIssue(world, actor, {
        repository: repo ?? firstRepository(world),
        fromForm: viaForm ?? false,
        ...input,
      }),
    label: (issue: Issue, ...names: string[]): Label[] => addLabels(world, actor, { issue, names }),
    unlabel: (issue: Issue, name: string): Label[] => removeLabel(world, actor, { issue, name }),
    close: (issue: Issue, reason: 'completed' | 'not_planned' | 'duplicate' = 'completed'): Issue =>
      updateIssue(world, actor, { issue, state: 'closed', stateReason: reason }),
    closeAsDuplicate: (issue: Issue, original: Issue): Issue => {
      issue.duplicateOf = original
      return updateIssue(world, actor, { issue, state: 'closed', stateReason: 'duplicate' })
    },
    reopen: (issue: Issue): Issue => updateIssue(world, actor, { issue, state: 'open' }),
    rename: (issue: Issue, title: string): Issue => updateIssue(world, actor, { issue, title }),
    editBody: (issue: Issue, edit: (body: string) => string): Issue =>
      updateIssue(world, actor, { issue, body: edit(issue.body ?? '') }),
    assign: (issue: Issue, ...logins: string[]): Issue => addAssignees(world, actor, { issue, logins }),
    unassign: (issue: Issue, ...logins: string[]): Issue => removeAssignees(world, actor, { issue, logins }),
    transfer: (issue: Issue, to: Repository): Issue => transferIssue(world, actor, { issue, to }),
    deleteIssue: (issue: Issue): void => deleteIssue(world, actor, { issue }),
    lock: (issue: Issue, reason: string | null = null): void => lockIssue(world, actor, { issue, reason }),
    unlock: (issue: Issue): void => unlockIssue(world, actor, { issue }),
    createLabel: (
      name: string,
      more: { repo?: Repository; color?: string; description?: string } = {},
    ): Label => {
      const { repo, ...look } = more
      return createLabel(world, actor, { repository: repo ?? firstRepository(world), name, ...look })
    },
    deleteLabel: (label: Label): void => deleteLabel(world, actor, { label }),
  }
}

function talkVerbs(world: World, actor: Actor) {
  return {
    comment: (issue: Issue, body: string): IssueComment => addComment(world, actor, { issue, body }),
    editComment: (comment: IssueComment, body: string): IssueComment =>
      updateComment(world, actor, { comment, body }),
    deleteComment: (comment: IssueComment): void => deleteComment(world, actor, { comment }),
    pin: (comment: IssueComment): IssueComment => pinComment(world, actor, { comment }),
    react: (subject: Issue | IssueComment, content: string): void => {
      react(world, actor, { subject, content })
    },
    /** Ticks the first task that has this text; throws when there is none. */
    tick: (subject: Issue | IssueComment, part: string, checked = true): void => {
      const body = ticked(subject.body ?? '', part, checked)
      if (subject.kind === 'Issue') updateIssue(world, actor, { issue: subject, body })
      else updateComment(world, actor, { comment: subject, body })
    },
  }
}

/** The text with the first task line that has `part` ticked or unticked. */
function ticked(body: string, part: string, checked: boolean): string {
  const lines = body.split('\n')
  const at = lines.findIndex((line) => /^\s*(?:[-*+]|\d+[.)]) \[[ xX]\] /.test(line) && line.includes(part))
  const line = lines[at]
  if (line === undefined) throw new Error(`No task says ${part}`)
  lines[at] = line.replace(/\[[ xX]\]/, checked ? '[x]' : '[ ]')
  return lines.join('\n')
}

type OpenPull = {
  repo?: Repository
  head: string
  base?: string
  title: string
  body?: string
  draft?: boolean
}
type Pushed = {
  repo?: Repository
  branch: string
  files: Record<string, string | null>
  message?: string
}

const REVIEWS = { approve: 'APPROVE', request_changes: 'REQUEST_CHANGES', comment: 'COMMENT' } as const

function codeVerbs(world: World, actor: Actor) {
  return {
    openPull: ({ repo, base, ...input }: OpenPull): Issue => {
      const repository = repo ?? firstRepository(world)
      return createPull(world, actor, { repository, base: base ?? repository.defaultBranch, ...input })
    },
    review: (issue: Issue, verdict: keyof typeof REVIEWS, body = ''): Review =>
      createReview(world, actor, { issue, event: REVIEWS[verdict], body }),
    requestReview: (issue: Issue, ...logins: string[]): Issue =>
      requestReviewers(world, actor, { issue, logins }),
    ready: (issue: Issue): Issue => setDraft(world, actor, { issue, draft: false }),
    draft: (issue: Issue): Issue => setDraft(world, actor, { issue, draft: true }),
    merge: (issue: Issue, method: NonNullable<Merge['method']> = 'merge'): { sha: string } =>
      mergePull(world, actor, { issue, method }),
    closePull: (issue: Issue): Issue => updatePull(world, actor, { issue, state: 'closed' }),
    /** Makes the branch from the default one where it is missing; `null` deletes a file. */
    push: (input: Pushed): GitCommit => push(world, actor, input),
  }
}

function push(world: World, actor: Actor, input: Pushed): GitCommit {
  const repository = input.repo ?? firstRepository(world)
  const { branch } = input
  if (!repository.branches.has(branch)) {
    const sha = repository.branches.get(repository.defaultBranch) ?? ''
    createRef(world, actor, { repository, ref: `refs/heads/${branch}`, sha })
  }
  const entries = Object.entries(input.files)
  const additions = new Map<string, string>()
  for (const [path, content] of entries) if (content !== null) additions.set(path, content)
  return commitOnBranch(world, actor, {
    repository,
    branch,
    message: input.message ?? `Change ${entries.map(([path]) => path).join(', ')}`,
    additions,
    deletions: entries.filter(([, content]) => content === null).map(([path]) => path),
  })
}

function boardVerbs(world: World, actor: Actor) {
  return {
    addCard: (project: Project, content: Issue): ProjectItem => addItem(world, actor, { project, content }),
    /** Values by the field's name: `{ Status: 'Done', Due: '2026-12-01' }`. */
    moveCard: (project: Project, item: ProjectItem, values: Record<string, string | number>): void => {
      for (const [name, value] of Object.entries(values)) {
        const field = project.fields.find((each) => each.name === name)
        if (field === undefined) throw new Error(`The board has no field ${name}`)
        setFieldValue(world, actor, { project, item, field, value: fieldValue(field, value) })
      }
    },
  }
}

function fieldValue(field: ProjectField, value: string | number): FieldValue {
  if (field.dataType === 'NUMBER') return { type: 'number', number: Number(value) }
  if (field.dataType === 'DATE') return { type: 'date', date: String(value) }
  if (field.dataType !== 'SINGLE_SELECT') return { type: 'text', text: String(value) }
  const option = field.options.find((each) => each.name === value)
  if (option === undefined) throw new Error(`${field.name} has no option ${value}`)
  return { type: 'option', optionId: option.id }
}
