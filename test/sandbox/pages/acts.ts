// What a person does on a page: each form's `act`, carried out with that person's own rights.

import { addComment, deleteComment, react, unreact, updateComment } from '../mutate/comments.ts'
import { addAssignees, createIssue, removeAssignees, updateIssue } from '../mutate/issues.ts'
import { clearFieldValue, setFieldValue } from '../mutate/items.ts'
import { addLabels, removeLabel } from '../mutate/labels.ts'
import { mergePull } from '../mutate/merges.ts'
import { requestReviewers, setDraft, updatePull } from '../mutate/pulls.ts'
import { createReview, type ReviewEvent } from '../mutate/reviews.ts'
import { findAccount, findComment, findRepository } from '../world/find.ts'
import { personActor } from '../world/rules.ts'
import type { Account, Actor, Issue, IssueComment, Project, Repository, World } from '../world/world.ts'
import { GitHubRefusal } from '../world/world.ts'
import { toggleTask } from './markdown.ts'
import { issuePath } from './visit.ts'

type Deed = { world: World; actor: Actor; form: URLSearchParams }

/** Carries the act out; answers where to go, or nothing for "back". Throws `GitHubRefusal` as GitHub would refuse. */
export function carryOut(world: World, person: Account, form: URLSearchParams): string | undefined {
  const act = ACTS[form.get('act') ?? '']
  if (!act) throw new GitHubRefusal(404, `There is no act "${form.get('act')}".`)
  return act({ world, actor: personActor(person), form })
}

const ACTS: Record<string, (deed: Deed) => string | undefined> = {
  open: openIssue,
  comment: commentAndThen,
  edit: ({ world, actor, form }) => rewrite({ world, actor, form }, form.get('text') ?? ''),
  tick,
  'delete-comment': ({ world, actor, form }) => {
    const subject = subjectOf(world, form)
    if (subject.kind === 'IssueComment') deleteComment(world, actor, { comment: subject })
    return undefined
  },
  rename: onIssue(({ world, actor, form }, issue) =>
    updateIssue(world, actor, { issue, title: form.get('title') ?? '' }),
  ),
  label: onIssue(({ world, actor, form }, issue) =>
    addLabels(world, actor, { issue, names: form.getAll('name') }),
  ),
  unlabel: onIssue(({ world, actor, form }, issue) =>
    removeLabel(world, actor, { issue, name: form.get('name') ?? '' }),
  ),
  assign: onIssue(({ world, actor, form }, issue) =>
    addAssignees(world, actor, { issue, logins: form.getAll('login') }),
  ),
  unassign: onIssue(({ world, actor, form }, issue) =>
    removeAssignees(world, actor, { issue, logins: form.getAll('login') }),
  ),
  react: toggleReaction,
  review: onIssue(({ world, actor, form }, issue) => {
    const event = REVIEWS.find((one) => one === form.get('event'))
    if (event) createReview(world, actor, { issue, event, body: form.get('text') })
  }),
  'request-review': onIssue(({ world, actor, form }, issue) =>
    requestReviewers(world, actor, { issue, logins: form.getAll('login') }),
  ),
  ready: onIssue(({ world, actor }, issue) => setDraft(world, actor, { issue, draft: false })),
  merge: onIssue(({ world, actor }, issue) => mergePull(world, actor, { issue })),
  move: moveCard,
}

const REVIEWS: readonly ReviewEvent[] = ['APPROVE', 'REQUEST_CHANGES', 'COMMENT']

function onIssue(act: (deed: Deed, issue: Issue) => unknown): (deed: Deed) => undefined {
  return (deed) => {
    act(deed, issueOf(deed.world, deed.form))
  }
}

function repositoryOf(world: World, form: URLSearchParams): Repository {
  const found = findRepository(world, form.get('owner') ?? '', form.get('repo') ?? '')
  if (!found) throw new GitHubRefusal(404, 'Not Found')
  return found
}

function issueOf(world: World, form: URLSearchParams): Issue {
  const found = repositoryOf(world, form).issues.get(Number(form.get('number')))
  if (!found) throw new GitHubRefusal(404, 'Not Found')
  return found
}

/** The comment that the form names, or the issue whose body is meant. */
function subjectOf(world: World, form: URLSearchParams): Issue | IssueComment {
  const comment = form.get('comment')
  if (comment === null) return issueOf(world, form)
  const found = findComment(repositoryOf(world, form), Number(comment))
  if (!found) throw new GitHubRefusal(404, 'Not Found')
  return found
}

function openIssue({ world, actor, form }: Deed): string {
  const repository = repositoryOf(world, form)
  const issue = createIssue(world, actor, {
    repository,
    title: form.get('title') ?? '',
    body: newlines(form.get('text')),
    labels: form.getAll('label'),
  })
  return issuePath(issue)
}

/** A form without script sends CRLF; with it, as from GitHub's own pages, a line break is one character. */
const newlines = (text: string | null): string => (text ?? '').replaceAll('\r\n', '\n')

/** Comments where there is text; a button that closes or reopens says so in `state`. */
function commentAndThen(deed: Deed): undefined {
  const { world, actor, form } = deed
  const issue = issueOf(world, form)
  const body = newlines(form.get('text'))
  const state = form.get('state')
  if (body.trim() !== '') addComment(world, actor, { issue, body })
  else if (state === null) throw new GitHubRefusal(422, 'Comment body cannot be blank.')
  if (state !== null) changeState(deed, issue, state)
}

function changeState({ world, actor }: Deed, issue: Issue, wanted: string): void {
  const state = wanted === 'reopen' ? 'open' : 'closed'
  if (issue.pull) updatePull(world, actor, { issue, state })
  else updateIssue(world, actor, { issue, state, stateReason: wanted === 'not_planned' ? wanted : null })
}

function rewrite({ world, actor, form }: Deed, text: string): undefined {
  const subject = subjectOf(world, form)
  const body = newlines(text)
  if (subject.kind === 'IssueComment') updateComment(world, actor, { comment: subject, body })
  else updateIssue(world, actor, { issue: subject, body })
}

/** A tick is an edit of the text by the person, as on GitHub; 409 when the text has changed under the reader. */
function tick(deed: Deed): undefined {
  const { form } = deed
  const before = subjectOf(deed.world, form).body ?? ''
  const after = toggleTask(before, Number(form.get('line')), form.get('checked') === 'true')
  if (after === null) throw new GitHubRefusal(409, 'The text has changed meanwhile. Look again.')
  rewrite(deed, after)
}

function toggleReaction({ world, actor, form }: Deed): undefined {
  const subject = subjectOf(world, form)
  const content = form.get('content') ?? ''
  const given = subject.reactions.find((one) => one.user === actor.account && one.content === content)
  if (given) unreact(world, actor, { subject, reaction: given })
  else react(world, actor, { subject, content })
}

function moveCard({ world, actor, form }: Deed): undefined {
  const project = world.nodes.get(form.get('project') ?? '')
  if (project?.kind !== 'Project') throw new GitHubRefusal(404, 'Not Found')
  const { item, field } = cardOf(project, form)
  const optionId = form.get('option') ?? ''
  if (optionId === '') clearFieldValue(world, actor, { project, item, field })
  else setFieldValue(world, actor, { project, item, field, value: { type: 'option', optionId } })
}

function cardOf(project: Project, form: URLSearchParams) {
  const item = project.items.find(({ nodeId }) => nodeId === form.get('item'))
  const field = project.fields.find(({ nodeId }) => nodeId === form.get('field'))
  if (!item || !field) throw new GitHubRefusal(404, 'Not Found')
  return { item, field }
}

/** The person of that login, if there is one who can act. */
export function personNamed(world: World, login: string): Account | undefined {
  const account = findAccount(world, login)
  return account?.kind === 'User' ? account : undefined
}
