// REST: comments, their pins, reactions, and a repository's labels.
import { z } from 'zod'
import {
  type Answer,
  type Call,
  created,
  issueOf,
  noContent,
  ok,
  paged,
  type Route,
  read,
  repositoryRoute,
} from '../api.ts'
import {
  addComment,
  deleteComment,
  pinComment,
  react,
  unpinComment,
  unreact,
  updateComment,
} from '../mutate/comments.ts'
import { createLabel, deleteLabel, updateLabel } from '../mutate/labels.ts'
import { commentShape, reactionShape } from '../shape/issue.ts'
import { labelShape } from '../shape/repository.ts'
import { findComment, findLabel } from '../world/find.ts'
import { notFound } from '../world/rules.ts'
import type { Issue, IssueComment, Label, Repository } from '../world/world.ts'

const text = z.object({ body: z.string() })

function commentOf(call: Call, repository: Repository): IssueComment {
  const found = findComment(repository, Number(call.params.comment_id))
  if (found === undefined) throw notFound()
  return found
}

function since(call: Call, comments: IssueComment[]): IssueComment[] {
  const from = Date.parse(call.query.get('since') ?? '')
  return Number.isNaN(from) ? comments : comments.filter((comment) => comment.updatedAt >= from)
}

function listAll(call: Call, repository: Repository): Answer {
  const all = [...repository.issues.values()].flatMap((issue) => issue.comments)
  const key = call.query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt'
  const sign = call.query.get('direction') === 'desc' ? -1 : 1
  const ordered = since(call, all).sort((a, b) => sign * (a[key] - b[key] || a.id - b.id))
  return paged(call, ordered, (comment) => commentShape(call.world, comment))
}

type Subject = (call: Call, repository: Repository) => Issue | IssueComment

/** The same three routes on an issue and on a comment. */
function reactionRoutes(path: string, subjectOf: Subject): Route[] {
  return [
    repositoryRoute('GET', `${path}/reactions`, 'issues', (call, repository) => {
      const content = call.query.get('content')
      const all = subjectOf(call, repository).reactions
      const wanted = all.filter((reaction) => content === null || reaction.content === content)
      return paged(call, wanted, (reaction) => reactionShape(call.world, reaction))
    }),
    repositoryRoute('POST', `${path}/reactions`, 'metadata', (call, repository) => {
      const { content } = read(z.object({ content: z.string() }), call)
      const subject = subjectOf(call, repository)
      const done = react(call.world, call.actor, { subject, content })
      return (done.created ? created : ok)(reactionShape(call.world, done.reaction))
    }),
    repositoryRoute('DELETE', `${path}/reactions/{reaction_id}`, 'metadata', (call, repository) => {
      const subject = subjectOf(call, repository)
      const reaction = subject.reactions.find((each) => each.id === Number(call.params.reaction_id))
      if (reaction === undefined) throw notFound()
      unreact(call.world, call.actor, { subject, reaction })
      return noContent()
    }),
  ]
}

const one = '/issues/comments/{comment_id}'

const commentRoutesOnly: Route[] = [
  repositoryRoute('GET', '/issues/comments', 'issues', listAll),
  repositoryRoute('GET', one, 'issues', (call, repository) =>
    ok(commentShape(call.world, commentOf(call, repository))),
  ),
  repositoryRoute('PATCH', one, 'metadata', (call, repository) => {
    const change = { comment: commentOf(call, repository), body: read(text, call).body }
    return ok(commentShape(call.world, updateComment(call.world, call.actor, change)))
  }),
  repositoryRoute('DELETE', one, 'metadata', (call, repository) => {
    deleteComment(call.world, call.actor, { comment: commentOf(call, repository) })
    return noContent()
  }),
  repositoryRoute('PUT', `${one}/pin`, 'metadata', (call, repository) =>
    ok(
      commentShape(call.world, pinComment(call.world, call.actor, { comment: commentOf(call, repository) })),
    ),
  ),
  repositoryRoute('DELETE', `${one}/pin`, 'metadata', (call, repository) => {
    unpinComment(call.world, call.actor, { comment: commentOf(call, repository) })
    return noContent()
  }),
  repositoryRoute('GET', '/issues/{issue_number}/comments', 'issues', (call, repository) =>
    paged(call, since(call, issueOf(call, repository).comments), (comment) =>
      commentShape(call.world, comment),
    ),
  ),
  repositoryRoute('POST', '/issues/{issue_number}/comments', 'metadata', (call, repository) => {
    const comment = { issue: issueOf(call, repository), body: read(text, call).body }
    return created(commentShape(call.world, addComment(call.world, call.actor, comment)))
  }),
]

const newLabel = z.object({
  name: z.string(),
  color: z.string().exactOptional(),
  description: z.string().nullable().exactOptional(),
})
const labelChange = z.object({
  new_name: z.string().exactOptional(),
  color: z.string().exactOptional(),
  description: z.string().nullable().exactOptional(),
})

function labelOf(call: Call, repository: Repository): Label {
  const found = findLabel(repository, call.params.name ?? '')
  if (found === undefined) throw notFound()
  return found
}

const labelRoutes: Route[] = [
  repositoryRoute('GET', '/labels', 'metadata', (call, repository) =>
    paged(call, repository.labels, (label) => labelShape(call.world, label)),
  ),
  repositoryRoute('POST', '/labels', 'metadata', (call, repository) => {
    const label = createLabel(call.world, call.actor, { repository, ...read(newLabel, call) })
    return created(labelShape(call.world, label))
  }),
  repositoryRoute('GET', '/labels/{name}', 'metadata', (call, repository) =>
    ok(labelShape(call.world, labelOf(call, repository))),
  ),
  repositoryRoute('PATCH', '/labels/{name}', 'metadata', (call, repository) => {
    const { new_name: name, ...rest } = read(labelChange, call)
    const change = { label: labelOf(call, repository), ...rest, ...(name === undefined ? {} : { name }) }
    return ok(labelShape(call.world, updateLabel(call.world, call.actor, change)))
  }),
  repositoryRoute('DELETE', '/labels/{name}', 'metadata', (call, repository) => {
    deleteLabel(call.world, call.actor, { label: labelOf(call, repository) })
    return noContent()
  }),
]

export const commentRoutes: Route[] = [
  ...commentRoutesOnly,
  ...reactionRoutes(one, commentOf),
  ...reactionRoutes('/issues/{issue_number}', issueOf),
  ...labelRoutes,
]
