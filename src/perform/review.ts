// The post-incident review: opened from its template with what is known, its lines kept in step with the items.

import { type ActionLine, parseActionLine } from '../command/arguments/action-line.ts'
import { MAX_BODY } from '../command/comment/body.ts'
import { getIssue, updateIssue } from '../github/issues/issues.ts'
import { mark } from '../github/issues/mark.ts'
import { createIssue } from '../github/issues/new-issue.ts'
import type { Fact, Incident } from '../incident/fold/nouns.ts'
import type { Item } from '../incident/item.ts'
import type { Horizon } from '../incident/policy/policy.ts'
import { isReviewOver, type Missing } from '../incident/review.ts'
import { inline, Markup, unescaped } from '../markdown.ts'
import { execute, ownFact } from '../shell/execute.ts'
import { issueBehind, type Loaded, refOf } from '../shell/load.ts'
import { remember } from '../shell/remember.ts'
import { addressOf, type Shell } from '../shell/shell.ts'
import { FULL, fitting } from '../texts/limits.ts'
import { nameOf } from '../texts/living.ts'
import { headingOf, lineOf, lineSize, newReview, withMore } from '../texts/review.ts'
import { readReview, withLines, withNewLines } from '../texts/review-sections.ts'

export const REVIEW_LABEL = 'post-incident-review'

/** Opens the review's issue, or finds the one that an earlier attempt made. */
export async function openReview(shell: Shell, loaded: Loaded): Promise<void> {
  const { incident, place, target, issue } = loaded
  if (!incident.review || incident.review.issue) return
  const body = newReview(shell, loaded)
  // An incident without a lead: its review goes to who resolved it.
  const resolver = incident.statuses.findLast((one) => one.status === 'resolved')?.by
  const author = incident.lead ?? resolver
  const made = await createIssue(place.github, addressOf(place), {
    mark: mark('review', `${target.repository}-${target.number}`),
    title: `Post-incident review: ${nameOf(incident)} ${incident.title}`.slice(0, 256),
    body,
    labels: [REVIEW_LABEL],
    ...(author && { assignees: [author] }),
    parent: issue,
  })
  const { number, url, createdAt } = made.issue
  await remember(shell, target, {
    kind: 'review',
    key: '',
    made: made.issue,
    body: { given: body, assignee: author ?? null },
  })
  const fact = ownFact(
    { kind: 'review-opened', issue: number, url },
    { key: `review:${number}`, at: createdAt, by: null, url },
  )
  await execute(shell, target, { facts: [fact], rules: place })
}

/** Makes the review's issue say what is so: each line a link to its issue, ticked as the item stands; closed with the
 * incident, open again once where somebody closed it too early. */
export async function syncReview(shell: Shell, loaded: Loaded): Promise<void> {
  const { incident, place } = loaded
  const review = incident.review
  if (!review?.issue) return
  const target = await issueBehind(shell, loaded, { ref: refOf(loaded, 'review'), number: review.issue })
  const present = await getIssue(place.github, target)
  if (!present) return
  const body = asItStands(present.body, loaded)
  const complete = isReviewOver(incident)
  const reopen = review.closed && !complete && review.closedEarly <= 1
  await updateIssue(place.github, target, {
    body,
    ...(complete && { state: 'closed' as const, reason: 'completed' as const }),
    ...(reopen && { state: 'open' as const }),
    present,
  })
}

/** A review's text with its lines linked and ticked as their items stand. */
export function asItStands(body: string, loaded: Loaded): string {
  const { items } = loaded.incident
  const changes = new Map<number, string>()
  const lines = readReview(body).lines.flatMap(({ line, index }) => {
    const words = readLine(line)
    return words ? [{ line, index, words }] : []
  })
  const linked = lines.flatMap(
    ({ words }) => items.find((one) => words.link && isLinkTo(words.link, one)) ?? [],
  )
  const seen = new Set(linked.map((item) => item.key))
  for (const { line, index, words } of lines) {
    const item = items.find((one) =>
      words.link ? isLinkTo(words.link, one) : !seen.has(one.key) && isCalled(words.text, one),
    )
    if (!item) continue
    seen.add(item.key)
    if (!item.issue) continue
    const box = /^(\s*[-*+] \[)[ xX](\] )(.*)$/.exec(line)
    if (!box) continue
    const rest = words.link ? box[3] : `#${item.issue} ${box[3]}`
    const wanted = `${box[1]}${item.state === 'open' ? ' ' : 'x'}${box[2]}${rest}`
    if (wanted !== line) changes.set(index, wanted)
  }
  const missing = items.filter((item) => item.issue && !seen.has(item.key) && item.source === 'command')
  const added = missing.map((item) => ({
    horizon: item.horizon ?? null,
    line: `- [${item.state === 'open' ? ' ' : 'x'}] ${lineOf(loaded, item)}`,
  }))
  const changed = changes.size > 0 ? withLines(body, changes) : body
  // What people wrote is never cut: where it leaves no room for what Mayday would add, it stays as it is.
  const text = changed.length <= MAX_BODY ? changed : body
  const { shown, more } = fitting(added, FULL - text.length, ({ line }) => lineSize(line))
  const whole = withMore(withNewLines(text, shown), more)
  return whole.length <= MAX_BODY ? whole : text
}

/** A line as it reads, without what keeps its words from taking effect. */
function readLine(line: string): ActionLine | null {
  const words = parseActionLine(line)
  return words && { ...words, text: unescaped(words.text) }
}

const isLinkTo = (link: string, item: Item): boolean => link === `#${item.issue}` || link === item.url

/** A line that has no link yet is known by its words. */
const lineKey = (text: string): string => `line:${text.toLowerCase().replaceAll(/\s+/g, ' ').trim()}`
/** The words as they come back from a line that Mayday wrote. */
const asLine = (text: string): string => lineKey(unescaped(inline(text).toString()))
const isCalled = (text: string, item: Item): boolean =>
  item.key === lineKey(text) || asLine(item.text) === asLine(text)

/** What a person's edit of the review means, line by line: ticked, cleared, written, changed, removed. */
export function reviewFacts(
  before: string,
  after: string,
  loaded: Pick<Loaded, 'incident' | 'place' | 'refs'>,
  at: number,
): Fact[] {
  const { incident, place } = loaded
  const [old, now] = [readReview(before), readReview(after)]
  const itemOf = (link: string | undefined): Item | undefined =>
    incident.items.find((item) => link && isLinkTo(link, item))
  const parsed = (lines: typeof now.lines) =>
    lines.flatMap((line) => {
      const words = readLine(line.line)
      return words ? [{ ...words, under: words.horizon ?? line.horizon }] : []
    })
  const [oldLines, newLines] = [parsed(old.lines), parsed(now.lines)]
  // A review that was opened before the issue of a promised item shows its line without a link for a while.
  const isPromised = (text: string): boolean =>
    incident.items.some(
      (item) =>
        item.source === 'command' &&
        isCalled(text, item) &&
        !newLines.some(({ link }) => link && isLinkTo(link, item)),
    )
  const dateOf = (due: string | undefined): string | undefined =>
    due ? (place.calendar.parseDate(due, at) ?? undefined) : undefined
  const facts = newLines.flatMap((line): Fact[] => {
    const item = itemOf(line.link)
    const due = dateOf(line.due)
    if (!item && (line.link || isPromised(line.text))) return []
    if (!item) return [promise(line, due)]
    const was = oldLines.find((one) => one.link === line.link)
    return was ? changesOf(item, { was, line, due }) : []
  })
  const gone = oldLines.flatMap((line) => {
    const item = itemOf(line.link)
    return item && !newLines.some((one) => one.link === line.link)
      ? [{ kind: 'item-declined' as const, item: item.key }]
      : []
  })
  return [...facts, ...gone]
}

type Line = ActionLine & { under: Horizon | null }

function promise({ text, owner, priority, under, checked }: Line, due: string | undefined): Fact {
  return {
    kind: 'item-promised' as const,
    item: lineKey(text),
    source: 'review' as const,
    text,
    ...(owner && { owner }),
    ...(due && { due }),
    ...(priority && { priority }),
    ...(under && { horizon: under }),
    ...(checked && { done: true as const }),
  }
}

function changesOf(
  item: Item,
  { was, line, due }: { was: Line; line: Line; due: string | undefined },
): Fact[] {
  const ticked =
    was.checked !== line.checked
      ? [{ kind: line.checked ? ('item-done' as const) : ('item-reopened' as const), item: item.key }]
      : []
  const changed =
    was.text !== line.text ||
    was.owner !== line.owner ||
    was.due !== line.due ||
    was.priority !== line.priority
  if (!changed) return ticked
  const words = {
    kind: 'item-changed' as const,
    item: item.key,
    text: line.text,
    ...(line.owner && { owner: line.owner }),
    ...(due && { due }),
    ...(line.priority && { priority: line.priority }),
  }
  return [...ticked, words]
}

/** The template's own text of the review, to tell what people added; from the reference that its making left. */
export function givenReview(loaded: Pick<Loaded, 'refs'>): string {
  const given = loaded.refs.find((ref) => ref.kind === 'review')?.body.given
  return typeof given === 'string' ? given : ''
}

/** One missing thing as a line for a person, with the command or edit that mends it. */
export function missingInWords(missing: Missing, incident: Incident): Markup {
  switch (missing.what) {
    case 'section':
      return new Markup(`the section ${headingOf(missing.section)} is empty`)
    case 'owner':
      return new Markup(`${itemName(missing.item)} has no owner: \`/assign @user\` there`)
    case 'due':
      return new Markup(`${itemName(missing.item)} has no date: \`/due 14d\` there`)
    case 'approval':
      return new Markup(
        `nobody has approved it: somebody with write permission${incident.lead ? ` other than ${incident.lead}` : ''} says \`/approve\` here`,
      )
  }
}
const itemName = (item: Item): string => (item.issue ? `#${item.issue}` : `action item ${item.place}`)

export const reviewAssignee = (loaded: Loaded): string | null => {
  const assignee = refOf(loaded, 'review')?.body.assignee
  return typeof assignee === 'string' ? assignee : null
}
