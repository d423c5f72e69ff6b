// Loads an incident before an effect is performed: its facts folded, its references, the rules of its repository.

import type { IssueTarget } from '../github/client/client.ts'
import { fold } from '../incident/fold/fold.ts'
import type { Event, Incident } from '../incident/fold/nouns.ts'
import { isOf, type Kind, type Ref, type Target } from '../store/store.ts'
import { placeOfStored } from './settings.ts'
import { addressOf, type Place, type Shell } from './shell.ts'

export type LoadedIncident = {
  target: Target
  place: Place
  incident: Incident
  events: Event[]
  refs: Ref[]
  /** Of the incident's issue; null as long as it has none. */
  issue: IssueTarget | null
  /** The issue's address for people; empty as long as there is none. */
  url: string
}
/** With its issue, as most effects need it. */
export type Loaded = LoadedIncident & { issue: IssueTarget }

/** Null: the incident or its repository is gone, and nothing is left to perform. */
export async function load(shell: Shell, target: Target | null): Promise<LoadedIncident | null> {
  const place = target && (await placeOfStored(shell, target.repository))
  if (!target || !place) return null
  const { store } = shell
  const [events, refs] = await Promise.all([store.events.of(target.incident), store.refs.of(target.incident)])
  const { number } = target
  const issue = number === null ? null : { ...addressOf(place), number }
  const url = refOf({ refs }, 'issue')?.body.url ?? ''
  return { target, place, events, refs, issue, url, incident: fold(events) }
}

export const hasIssue = (loaded: LoadedIncident | null): loaded is Loaded => loaded?.issue != null

/** The issue of a review or an action item. It stays in its repository when the incident's own issue is transferred. */
export async function issueBehind(
  shell: Shell,
  { issue, target }: Loaded,
  { ref, number }: { ref: Ref | undefined; number: number },
): Promise<Loaded['issue']> {
  if (ref?.repository === undefined || ref.repository === target.repository) return { ...issue, number }
  const there = await shell.store.repositories.get(ref.repository)
  return there ? { owner: there.owner, repo: there.name, number } : { ...issue, number }
}

/** What is remembered of one thing of the incident; `key` where there may be several of its kind. */
export const refOf = <K extends Kind>(
  { refs }: Pick<Loaded, 'refs'>,
  kind: K,
  key = '',
): Ref<K> | undefined => refs.filter(isOf(kind)).find((ref) => ref.key === key)

/** Where the incident is told: the living comment, or its issue as long as there is none. */
export function livingUrl(loaded: Pick<Loaded, 'refs' | 'url'>): string {
  const living = refOf(loaded, 'living')?.body
  return (living?.state === 'written' && living.url) || loaded.url
}
