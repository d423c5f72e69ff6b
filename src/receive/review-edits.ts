// A person's edit of a review's text, read line by line as the facts that it means.
import type { ActionLine } from '../command/arguments/action-line.ts'

import type { Fact } from '../incident/fold/nouns.ts'
import type { Item } from '../incident/item.ts'
import type { Horizon } from '../incident/policy/policy.ts'
import { type Loaded, refOf } from '../shell/load.ts'
import { isCalled, isLinkTo, lineKey, readActionLine } from '../texts/review/action-lines.ts'
import { readReview } from '../texts/review/sections.ts'

/** What a person's edit of the review means, line by line: ticked, cleared, written, changed, removed. */
export function reviewFacts(
  { incident, place }: Pick<Loaded, 'incident' | 'place'>,
  { before, after, at }: { before: string; after: string; at: number },
): Fact[] {
  const [old, now] = [readReview(before), readReview(after)]
  const itemOf = (link: string | undefined): Item | undefined =>
    incident.items.find((item) => link && isLinkTo(link, item))
  const parsed = (lines: typeof now.lines) =>
    lines.flatMap((line) => {
      const words = readActionLine(line.line)
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
    const was = oldLines.find((other) => other.link === line.link)
    return was ? changesOf(item, { was, line, due }) : []
  })
  const gone = oldLines.flatMap((line) => {
    const item = itemOf(line.link)
    return item && !newLines.some((other) => other.link === line.link)
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
export const givenReview = (loaded: Pick<Loaded, 'refs'>): string => refOf(loaded, 'review')?.body.given ?? ''
