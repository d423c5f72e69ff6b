// What issues and pull requests say: the body, the comments, the reactions and the lines between them.
import type { Account, Issue, IssueComment, Millis, Reaction, Review, TimelineItem } from '../world/world.ts'
import { type Fragment, type Html, html, icon } from './html.ts'
import { renderMarkdown } from './markdown.ts'
import { about, actForm, ago, author, avatar, labelChip, menu } from './parts.ts'
import { pathOf, placeOf, type Visit } from './visit.ts'

const FACES: Record<Reaction['content'], string> = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  hooray: '🎉',
  confused: '😕',
  heart: '❤️',
  rocket: '🚀',
  eyes: '👀',
}

type Said = { id: string; who: Account; at: Millis; text: string; heading: Fragment; edited: boolean }

/** The page's first card: the body of the issue. */
export function bodyCard(visit: Visit, issue: Issue): Html {
  const said: Said = {
    id: `issue-${issue.number}`,
    who: issue.author,
    at: issue.createdAt,
    text: issue.body ?? '',
    heading: 'opened',
    edited: false,
  }
  return card(visit, issue, said)
}

function commentCard(visit: Visit, comment: IssueComment): Html {
  const said: Said = {
    id: `issuecomment-${comment.id}`,
    who: comment.author,
    at: comment.createdAt,
    text: comment.body,
    heading: html`commented`,
    edited: comment.updatedAt > comment.createdAt,
  }
  return card(visit, comment, said)
}

/** A comment pinned to the top, as people pin the one that matters. */
export function pinnedCards(visit: Visit, issue: Issue): Html[] {
  return issue.comments
    .filter((comment) => comment.pinned)
    .map(
      (comment) => html`<section class="pinned"><p class="pin-note">${icon('pin')} Pinned by
        ${comment.pinned && author(comment.pinned.by)}</p>${commentCard(visit, comment)}</section>`,
    )
}

function card(visit: Visit, subject: Issue | IssueComment, said: Said): Html {
  const issue = subject.kind === 'Issue' ? subject : subject.issue
  const target = { ...about(issue), ...(subject.kind === 'IssueComment' && { comment: subject.id }) }
  const text = renderMarkdown(said.text, placeOf(visit.world, issue.repository))
  return html`<article class="card" id="${said.id}">
  <div class="gutter">${avatar(said.who, 'large')}</div>
  <div class="card-box ${said.who === visit.person && 'mine'}">
    <header><span class="by"><span class="inline-avatar">${avatar(said.who)}</span> ${author(said.who)} ${said.heading}
      <a class="muted" href="#${said.id}">${ago(said.at, visit)}</a>${said.edited && html`<span class="muted"> · edited</span>`}</span>
      ${editMenu(visit, subject, target)}</header>
    <div class="markdown-body" data-target="${JSON.stringify(target)}">${
      said.text.trim() === '' ? html`<p class="muted"><em>No description provided.</em></p>` : text
    }</div>
    ${reactions(visit, subject, target)}
  </div></article>`
}

function editMenu(
  visit: Visit,
  subject: Issue | IssueComment,
  target: Record<string, string | number>,
): Html {
  const edit = html`<textarea name="text" rows="8" aria-label="Text">${subject.body ?? ''}</textarea>
    <button class="button primary">Update comment</button>`
  const remove = html`<button class="link danger">${icon('trash')} Delete</button>`
  const inside = html`${actForm(visit, 'edit', target, edit)}
    ${subject.kind === 'IssueComment' && actForm(visit, 'delete-comment', target, remove)}`
  return menu(icon('kebab-horizontal'), inside, 'wide right')
}

function reactions(
  visit: Visit,
  subject: Issue | IssueComment,
  target: Record<string, string | number>,
): Html {
  const faces = Object.entries(FACES).map(([content, face]) => {
    const by = subject.reactions.filter((one) => one.content === content).map(({ user }) => user)
    return { content, face, by }
  })
  const given = faces.filter(({ by }) => by.length > 0)
  const offered = faces.map(
    ({ content, face }) =>
      html`<button class="face" name="content" value="${content}" title="${content}">${face}</button>`,
  )
  const picker = menu(icon('smiley'), html`<div class="faces">${offered}</div>`, 'faces-menu')
  const shown = given.map(
    ({
      content,
      face,
      by,
    }) => html`<button class="reaction ${by.includes(visit.person) && 'mine'}" name="content"
      value="${content}" title="${by.map(({ login }) => login).join(', ')}">${face} ${by.length}</button>`,
  )
  return html`<footer class="reactions">${actForm(visit, 'react', target, [picker, ...shown])}</footer>`
}

/** Comments, reviews and the lines between them, in the order of their time. */
export function conversation(visit: Visit, issue: Issue): Html {
  const reviews = [...(issue.pull?.reviews ?? [])]
  const lines = grouped(issue.timeline).map((group) => {
    const review = group[0].event === 'reviewed' ? reviews.shift() : undefined
    return { at: group[0].at, shown: review ? reviewCard(visit, review) : eventLine(visit, issue, group) }
  })
  const comments = issue.comments.map((comment) => ({
    at: comment.createdAt,
    shown: comment.pinned ? pinnedLine(visit, comment) : commentCard(visit, comment),
  }))
  const entries = [...lines, ...comments].sort((one, other) => one.at - other.at)
  return html`<div class="conversation">${entries.map(({ shown }) => shown)}</div>`
}

/** A pinned comment stands above; its place in the order keeps a line. */
const pinnedLine = (visit: Visit, comment: IssueComment): Html =>
  html`<div class="event"><span class="dot">${icon('pin')}</span><p>${avatar(comment.author)} ${author(comment.author)}
    <a href="#issuecomment-${comment.id}">commented</a>, pinned above ${ago(comment.createdAt, visit)}</p></div>`

type Lines = [TimelineItem, ...TimelineItem[]]

/** What one person did of one kind in a row within a minute is one line, as on GitHub. */
function grouped(timeline: readonly TimelineItem[]): Lines[] {
  const groups: Lines[] = []
  for (const line of timeline) {
    const last = groups.at(-1)
    const [first] = last ?? []
    const belongs = first?.event === line.event && first.actor === line.actor && line.at - first.at < 60_000
    if (last && belongs && GATHERED.has(line.event)) last.push(line)
    else groups.push([line])
  }
  return groups
}

const GATHERED = new Set(['labeled', 'unlabeled', 'assigned', 'sub_issue_added', 'review_requested'])

const VERDICTS: Record<Review['state'], { icon: string; tone: string; text: string }> = {
  approved: { icon: 'check', tone: 'open', text: 'approved these changes' },
  changes_requested: { icon: 'file-diff', tone: 'closed', text: 'requested changes' },
  commented: { icon: 'eye', tone: 'draft', text: 'reviewed' },
  dismissed: { icon: 'x', tone: 'draft', text: 'reviewed (dismissed)' },
}

function reviewCard(visit: Visit, review: Review): Html {
  const verdict = VERDICTS[review.state]
  const { repository } = review.pull.issue
  const text =
    review.body &&
    html`<div class="card-box"><div class="markdown-body">${renderMarkdown(
      review.body,
      placeOf(visit.world, repository),
    )}</div></div>`
  return html`<article class="event review" id="pullrequestreview-${review.id}">
    <span class="dot ${verdict.tone}">${icon(verdict.icon)}</span>
    <div class="review-text"><p>${avatar(review.author)} ${author(review.author)} ${verdict.text} ${ago(review.submittedAt, visit)}</p>${text}</div></article>`
}

type Telling = { icon: string; tone?: string; text: (details: Fragment, detail: string) => Fragment }

function detailShown(issue: Issue, { event, detail }: TimelineItem): Fragment {
  if (event === 'labeled' || event === 'unlabeled') {
    const label = issue.repository.labels.find((one) => one.name === detail)
    return label ? labelChip(label) : html`<span class="label plain">${detail}</span>`
  }
  if (event.endsWith('assigned')) return html`<a class="author" href="/${detail}">${detail}</a>`
  const number = /^#(\d+)$/.exec(detail)?.[1]
  if (number) return html`<a href="${pathOf(issue.repository)}/issues/${number}">${detail}</a>`
  if (event === 'branch_linked') {
    return html`<a class="branch" href="${pathOf(issue.repository)}/tree/${detail}">${detail}</a>`
  }
  return html`<strong>${detail}</strong>`
}

const CLOSED: Record<string, string> = {
  completed: ' as completed',
  not_planned: ' as not planned',
  duplicate: ' as duplicate',
}

const TELLINGS: Record<string, Telling> = {
  labeled: { icon: 'tag', text: (labels) => html`added ${labels}` },
  unlabeled: { icon: 'tag', text: (labels) => html`removed ${labels}` },
  assigned: { icon: 'person', text: (people) => html`assigned ${people}` },
  unassigned: { icon: 'person', text: (people) => html`unassigned ${people}` },
  renamed: {
    icon: 'pencil',
    text: (_, detail) => {
      const [from, to] = detail.split(' → ')
      return html`changed the title <del>${from}</del> <ins>${to}</ins>`
    },
  },
  closed: { icon: 'issue-closed', tone: 'done', text: (_, reason) => `closed this${CLOSED[reason] ?? ''}` },
  reopened: { icon: 'issue-reopened', tone: 'open', text: () => 'reopened this' },
  locked: { icon: 'lock', text: (_, reason) => `locked this conversation${reason && ` as ${reason}`}` },
  unlocked: { icon: 'key', text: () => 'unlocked this conversation' },
  branch_linked: { icon: 'git-branch', text: (name) => html`linked the branch ${name}` },
  sub_issue_added: { icon: 'issue-tracks', text: (child) => html`added a sub-issue ${child}` },
  sub_issue_removed: { icon: 'issue-tracks', text: (child) => html`removed a sub-issue ${child}` },
  parent_issue_added: { icon: 'issue-tracked-by', text: (parent) => html`added a parent issue ${parent}` },
  parent_issue_removed: {
    icon: 'issue-tracked-by',
    text: (parent) => html`removed a parent issue ${parent}`,
  },
  merged: { icon: 'git-merge', tone: 'done', text: (_, sha) => html`merged this as <code>${sha}</code>` },
  ready_for_review: { icon: 'eye', text: () => 'marked this pull request as ready for review' },
  converted_to_draft: { icon: 'git-pull-request-draft', text: () => 'marked this pull request as draft' },
  review_requested: { icon: 'eye', text: (who) => html`requested a review from ${who}` },
  review_dismissed: { icon: 'x', text: (_, why) => `dismissed a review: ${why}` },
}

function eventLine(visit: Visit, issue: Issue, lines: Lines): Html {
  const [{ event, detail, actor, at }] = lines
  const telling = TELLINGS[event]
  const details = lines.map((line, index) => [index > 0 && ' ', detailShown(issue, line)])
  const text = telling ? telling.text(details, detail) : `${event.replaceAll('_', ' ')} ${detail}`
  return html`<div class="event"><span class="dot ${telling?.tone ?? ''}">${icon(telling?.icon ?? 'dot')}</span>
    <p>${avatar(actor)} ${author(actor)} ${text} ${ago(at, visit)}</p></div>`
}
