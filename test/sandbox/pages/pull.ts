// The pull request page: conversation, checks, the merge box and the changed files.
import { brought, decidingReviews, latestCheckRuns, mergeState, pullComparison } from '../world/pull-facts.ts'
import type { CheckRun, Issue, PullRequest } from '../world/world.ts'
import { bodyCard, conversation, pinnedCards } from './conversation.ts'
import { changedFiles } from './diff.ts'
import { type Fragment, type Html, html, icon } from './html.ts'
import { commentBox, heading, sidebar } from './issue.ts'
import { layout } from './layout.ts'
import { renderMarkdown } from './markdown.ts'
import { about, actButton, actForm, author } from './parts.ts'
import { type PageAnswer, pathOf, placeOf, type Visit } from './visit.ts'

export function pullPage(visit: Visit, issue: Issue, pull: PullRequest): PageAnswer {
  const { ahead, files } = pullComparison(pull)
  const branch = (name: string): Html =>
    html`<a class="branch" href="${pathOf(issue.repository)}/tree/${name}">${name}</a>`
  const who = pull.mergedBy ?? issue.author
  const commits = `${ahead.length} commit${ahead.length === 1 ? '' : 's'}`
  const beneath = html`${author(who)} ${pull.mergedAt ? 'merged' : 'wants to merge'} ${commits} into
    ${branch(pull.base.branch)} from ${branch(pull.head.branch)}`
  const main = html`${heading(visit, issue, beneath)}
<div class="columns"><div class="thread">
  ${pinnedCards(visit, issue)}${bodyCard(visit, issue)}${conversation(visit, issue)}
  ${mergeBox(visit, issue, pull)}${reviewBox(visit, issue)}${commentBox(visit, issue)}
</div>${sidebar(visit, issue)}</div>
<section class="files"><h2>Files changed <span class="counter">${files.length}</span></h2>${changedFiles(files)}</section>`
  return layout(visit, {
    title: `${issue.title} · #${issue.number}`,
    about: issue.repository,
    tab: 'pulls',
    main,
  })
}

const CHECK_LOOKS: Record<string, { icon: string; tone: string }> = {
  success: { icon: 'check-circle-fill', tone: 'success' },
  failure: { icon: 'x-circle-fill', tone: 'danger' },
  timed_out: { icon: 'x-circle-fill', tone: 'danger' },
  action_required: { icon: 'alert-fill', tone: 'attention' },
  neutral: { icon: 'square-fill', tone: 'muted' },
  cancelled: { icon: 'stop', tone: 'muted' },
  skipped: { icon: 'skip', tone: 'muted' },
}

/** A check run folds open to its summary, text and annotations. */
export function checkRow(visit: Visit, run: CheckRun): Html {
  const look = CHECK_LOOKS[run.conclusion ?? ''] ?? { icon: 'dot-fill', tone: 'attention' }
  const place = placeOf(visit.world, run.repository)
  const { title, summary, text, annotations } = run.output
  const status = run.conclusion?.replaceAll('_', ' ') ?? run.status.replaceAll('_', ' ')
  return html`<details class="check" id="check-${run.id}"><summary>${icon(look.icon, `check-${look.tone}`)}
    <strong>${run.name}</strong> <span class="muted">${title ?? status}</span></summary>
    <div class="check-output"><p class="muted">${status} · by ${run.suite.app}</p>
      ${[summary, text].map((part) => part && html`<div class="markdown-body">${renderMarkdown(part, place)}</div>`)}
      ${annotations.map(
        (
          note,
        ) => html`<p class="annotation ${note.annotation_level}"><code>${note.path}:${note.start_line}</code>
          <strong>${note.title ?? note.annotation_level}</strong> ${note.message}</p>`,
      )}</div></details>`
}

type Row = { icon: string; tone: string; title: Fragment; text?: Fragment; button?: Fragment }

const mergeRow = (row: Row): Html =>
  html`<div class="merge-row">${icon(row.icon, `check-${row.tone}`)}<div class="grow"><strong>${row.title}</strong>
    ${row.text && html`<p class="muted">${row.text}</p>`}</div>${row.button}</div>`

function mergeBox(visit: Visit, issue: Issue, pull: PullRequest): Fragment {
  if (pull.mergedAt) {
    return html`<section class="box merge done">${mergeRow({
      icon: 'git-merge',
      tone: 'done',
      title: 'Pull request successfully merged and closed',
      text: html`as <a href="${pathOf(issue.repository)}/commit/${pull.mergeSha}"><code>${pull.mergeSha?.slice(0, 7)}</code></a>`,
    })}${checks(visit, pull)}</section>`
  }
  if (issue.state === 'closed') return null
  return html`<section class="box merge">${approvals(pull)}${checks(visit, pull)}${mergeability(visit, issue, pull)}</section>`
}

function approvals(pull: PullRequest): Html {
  const reviews = decidingReviews(pull)
  const approved = reviews.filter(({ state }) => state === 'approved')
  if (reviews.some(({ state }) => state === 'changes_requested')) {
    return mergeRow({ icon: 'file-diff', tone: 'danger', title: 'Changes requested' })
  }
  if (approved.length === 0)
    return mergeRow({ icon: 'dot-fill', tone: 'attention', title: 'No approvals yet' })
  const title = `Approved by ${approved.map((review) => review.author.login).join(', ')}`
  return mergeRow({ icon: 'check-circle-fill', tone: 'success', title })
}

function checks(visit: Visit, pull: PullRequest): Fragment {
  const runs = latestCheckRuns(pull.base.repository, pull.head.sha)
  if (runs.length === 0) return null
  const bad = runs.filter(({ conclusion }) => !['success', 'neutral', 'skipped'].includes(conclusion ?? ''))
  const title = bad.length === 0 ? 'All checks have passed' : 'Some checks have not passed yet'
  const row = mergeRow({
    icon: bad.length === 0 ? 'check-circle-fill' : 'alert-fill',
    tone: bad.length === 0 ? 'success' : 'attention',
    title,
    text: `${runs.length - bad.length} of ${runs.length} good`,
  })
  return html`${row}<div class="checks">${runs.map((run) => checkRow(visit, run))}</div>`
}

function mergeability(visit: Visit, issue: Issue, pull: PullRequest): Html {
  const state = mergeState(pull)
  const ready = actButton(visit, 'ready', about(issue), { text: 'Ready for review' })
  const merge = (look: string) =>
    actButton(visit, 'merge', about(issue), {
      text: html`${icon('git-merge')} Merge pull request`,
      look: `button ${look}`,
    })
  if (state === 'dirty')
    return mergeRow({
      icon: 'alert-fill',
      tone: 'danger',
      title: 'This branch has conflicts that must be resolved',
    })
  if (state === 'draft') {
    return mergeRow({
      icon: 'git-pull-request-draft',
      tone: 'muted',
      title: 'This pull request is still a work in progress',
      text: 'Draft pull requests cannot be merged.',
      button: ready,
    })
  }
  if (state === 'blocked')
    return mergeRow({
      icon: 'x-circle-fill',
      tone: 'danger',
      title: 'Merging is blocked',
      text: 'The branch asks for approvals or checks that are not there.',
    })
  const tone = state === 'clean' ? 'success' : 'attention'
  return mergeRow({
    icon: 'git-merge',
    tone,
    title: 'No conflicts with the base branch',
    text: 'Merging can be performed automatically.',
    button: merge(state === 'clean' ? 'primary' : ''),
  })
}

/** Approve, ask for changes or comment, as the person: an own pull request GitHub refuses to approve, and so do we. */
function reviewBox(visit: Visit, issue: Issue): Fragment {
  if (issue.state === 'closed') return null
  const inside = html`<textarea name="text" rows="2" placeholder="Leave a comment (optional for an approval)" aria-label="Review"></textarea>
    <div class="buttons"><button class="button" name="event" value="COMMENT">Comment</button>
    <button class="button danger" name="event" value="REQUEST_CHANGES">Request changes</button>
    <button class="button primary" name="event" value="APPROVE">${icon('check')} Approve as ${visit.person.login}</button></div>`
  return html`<section class="box review-box"><header><strong>Review changes</strong></header>${actForm(visit, 'review', about(issue), inside)}</section>`
}

/** The pull request that a commit came in with, if one did. */
export const pullOfCommit = (issues: Iterable<Issue>, sha: string): Issue | undefined =>
  [...issues].find(({ pull }) => pull && brought(pull, sha))
