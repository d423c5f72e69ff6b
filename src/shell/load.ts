// An incident as it stands, for what is about to be performed: facts folded under the rules of its repository.

import { fold } from '../incident/fold/fold.ts'
import type { Event, Incident } from '../incident/fold/nouns.ts'
import type { Ref, Target } from '../store/store.ts'
import { placeOfStored } from './settings.ts'
import type { Place, Shell } from './shell.ts'

export type Loaded = {
  target: Target
  place: Place
  incident: Incident
  events: Event[]
  refs: Ref[]
  /** `{ owner, repo, number }` of the incident's issue. */
  issue: { owner: string; repo: string; number: number }
  /** The issue's address for people. */
  url: string
}

/** null where the incident or its repository is gone: nothing is left to perform. */
export async function load(shell: Shell, target: Target | null): Promise<Loaded | null> {
  const place = target && (await placeOfStored(shell, target.repository))
  if (!target || !place) return null
  const { store } = shell
  const [events, refs] = await Promise.all([store.events.of(target.incident), store.refs.of(target.incident)])
  const issue = { owner: place.repository.owner, repo: place.repository.name, number: target.number }
  const ref = refs.find((one) => one.kind === 'issue')
  return { target, place, events, refs, issue, url: textOf(ref, 'url'), incident: fold(events) }
}

/** The issue of something that belongs to an incident: it stays where it was made when the incident's own issue moves. */
export async function issueBehind(
  shell: Shell,
  { issue, target }: Loaded,
  { ref, number }: { ref: Ref | undefined; number: number },
): Promise<Loaded['issue']> {
  if (ref?.repository === undefined || ref.repository === target.repository) return { ...issue, number }
  const there = await shell.store.repositories.get(ref.repository)
  return there ? { owner: there.owner, repo: there.name, number } : { ...issue, number }
}

export const refOf = (loaded: Loaded, kind: string, key = ''): Ref | undefined =>
  loaded.refs.find((ref) => ref.kind === kind && ref.key === key)

/** A text of a ref's body, empty where it has none. */
export function textOf(ref: Ref | undefined, name: string): string {
  const value = ref?.body[name]
  return typeof value === 'string' ? value : ''
}

export function numberOf(ref: Ref | undefined, name: string): number | undefined {
  const value = ref?.body[name]
  return typeof value === 'number' ? value : undefined
}
