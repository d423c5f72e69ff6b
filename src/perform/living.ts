// The living comment and the issue around it: one comment, its continuations, the labels, open or closed.

import { type PutResult, pinComment } from '../github/issues/comments.ts'
import { Markup } from '../markdown.ts'
import { boardUrlOf, keptBoard } from '../shell/board-ref.ts'
import { type Loaded, refOf } from '../shell/load.ts'
import { addressOf, type Shell } from '../shell/shell.ts'
import { entries } from '../texts/entry.ts'
import { BODY_ROOM, truncate } from '../texts/limits.ts'
import { livingView, type Surroundings } from '../texts/living/living.ts'
import { render } from '../texts/render.ts'
import type { EntryView, OlderView } from '../texts/views.ts'
import { syncIssueState } from './issue-state.ts'
import { isUnwanted, LIVING, putPart, rollOver } from './living-parts.ts'

/** Makes the issue say what is so: comment first, because somebody waits for it. */
export async function syncIssue(shell: Shell, loaded: Loaded): Promise<void> {
  if (!loaded.incident.declared || loaded.incident.gone) return
  await syncLiving(shell, loaded)
  await syncIssueState(shell, loaded)
}

async function syncLiving(shell: Shell, loaded: Loaded): Promise<void> {
  const { incident, place } = loaded
  if (await isUnwanted(shell, loaded, LIVING)) return
  const all = entries(shell, incident, { policy: place.policy, url: loaded.url })
  const view = livingView(incident, await surroundings(shell, loaded))
  const living = (shown: EntryView[], older: OlderView | null): string =>
    render(shell, 'living', { ...view, entries: shown, older })
  let body = living(all, null)
  const fits = body.length <= BODY_ROOM
  const rolled = await rollOver(shell, loaded, {
    all,
    room: fits ? Infinity : BODY_ROOM - living([], null).length,
  })
  if (!fits) body = living(rolled.shown, rolled.older)
  const put = await putPart(shell, loaded, { ...LIVING, body })
  await pin(shell, loaded, put)
}

/** Once for each comment: who takes the pin away does not want it. */
async function pin(shell: Shell, loaded: Loaded, { id }: PutResult): Promise<void> {
  const { place, target } = loaded
  if (refOf(loaded, 'pin')?.body.id === id) return
  const pinned = await pinComment(place.github, addressOf(place), id)
  if (!pinned.offered) shell.log.debug({ why: pinned.why }, 'the living comment could not be pinned')
  await shell.store.refs.put({ incident: target.incident, kind: 'pin', key: '', number: null, body: { id } })
}

/** What the living comment depends on beside the incident. */
async function surroundings(shell: Shell, loaded: Loaded): Promise<Surroundings> {
  const { policy, calendar, problems } = loaded.place
  const boardUrl = await boardUrlOf(shell, loaded)
  return {
    ...{ now: shell.now(), policy, calendar, url: loaded.url, boardUrl, problems },
    noBoard: boardUrl ? null : await whyNoBoard(shell, loaded),
    knownBefore: await knownBefore(shell, loaded),
  }
}

/** Why there can be no board, so that nobody looks for one; null where there can be. */
async function whyNoBoard(shell: Shell, { place }: Loaded): Promise<string | null> {
  const board = await keptBoard(shell, place)
  return board?.offered === false ? board.why : null
}

/** Open action items of earlier incidents on the same services: what was known before. */
async function knownBefore(
  shell: Shell,
  { incident, target, place }: Loaded,
): Promise<Surroundings['knownBefore']> {
  if (incident.services.length === 0) return []
  const today = place.calendar.date(shell.now())
  const open = await shell.store.items.open(target.repository)
  return open
    .filter(
      (item) =>
        item.incident !== target.incident && item.services.some((name) => incident.services.includes(name)),
    )
    .slice(0, 5)
    .map((item) => {
      const days = item.due ? place.calendar.daysBetween(item.due, today) : 0
      return {
        since: item.incidentId,
        text: new Markup(`#${item.number}`),
        url: item.url,
        what: truncate(item.text),
        overdue: days > 0 ? `${days} ${days === 1 ? 'day' : 'days'}` : null,
        owner: item.owner ? `@${item.owner}` : null,
      }
    })
}
