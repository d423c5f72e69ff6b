// The living comment and the issue around it: one comment, its continuations, the labels, open or closed.

import { type PutResult, pinComment } from '../github/issues/comments.ts'
import { inline, Markup, spans } from '../markdown.ts'
import { boardUrlOf, keptBoard } from '../shell/board-ref.ts'
import { type Loaded, refOf } from '../shell/load.ts'
import { addressOf, type Shell } from '../shell/shell.ts'
import { type EntryView, entries } from '../texts/entry.ts'
import { cut, FULL, fitting, rowSize } from '../texts/limits.ts'
import { livingView } from '../texts/living.ts'
import { commandList } from './answer.ts'
import { syncIssueState } from './issue-state.ts'
import { isUnwanted, LIVING, type Older, putPart, rollOver } from './living-parts.ts'

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
  const view = await livingWords(shell, loaded)
  const render = (shown: EntryView[], older: Older | null): string =>
    shell.templates.render('living', { ...view, entries: shown, older })
  let body = render(all, null)
  const fits = body.length <= FULL
  const rolled = await rollOver(shell, loaded, {
    all,
    room: fits ? Infinity : FULL - render([], null).length,
  })
  if (!fits) body = render(rolled.shown, rolled.older)
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

/** How many characters a list of the living comment may take: with all of them full there is room for a timeline. */
const ROOM = 10_000

type Link = { label: string; text: string | Markup; url: string; separator: boolean }

/** The view of the template `living` but for its entries. */
async function livingWords(shell: Shell, loaded: Loaded) {
  const { incident, place } = loaded
  const boardUrl = await boardUrlOf(shell, loaded)
  const view = livingView(incident, {
    now: shell.now(),
    policy: place.policy,
    calendar: place.calendar,
    boardUrl,
  })
  const links: Link[] = linksOf(view.links)
  const sizeOf = ({ text }: { text: string }): number => rowSize(inline(cut(text)).toString())
  const boxes = fitting(view.now, ROOM, sizeOf)
  const items = fitting(view.items, ROOM, sizeOf)
  const suspects = fitting(view.suspects, ROOM, () => rowSize(loaded.url))
  return {
    ...view,
    chartTitle: new Markup(incident.id),
    services: view.services && cut(view.services),
    impact: view.impact && cut(view.impact),
    cause: view.cause && cut(view.cause),
    cancelled: view.cancelled && {
      ...view.cancelled,
      ...(view.cancelled.text && { text: cut(view.cancelled.text) }),
    },
    lead: view.lead ? `@${view.lead}` : null,
    roles: view.roles.map(({ role, user }) => ({ role, user: `@${user}` })),
    nextUpdate: view.nextUpdate && {
      at: view.nextUpdate.at,
      by: view.nextUpdate.by ? `@${view.nextUpdate.by}` : null,
    },
    now: boxes.shown,
    nowMore: boxes.more,
    itemsMore: items.more,
    items: items.shown.map((item) => ({
      ...item,
      text: cut(item.text),
      issue: new Markup(`#${item.issue}`),
      owner: item.owner ? `@${item.owner}` : null,
    })),
    suspectsMore: suspects.more,
    suspects: suspects.shown.map(({ number, by, cleared }) => ({
      name: new Markup(`#${number}`),
      url: loaded.url.replace(/\d+$/, String(number)),
      by: by && `@${by}`,
      cleared: cleared ? { by: cleared.by && `@${cleared.by}` } : null,
    })),
    links,
    hasLinks: links.length > 0,
    knownBefore: await knownBefore(shell, loaded),
    problems: place.problems.map(spans),
    notice: await boardNotice(shell, loaded, boardUrl),
    commands: commandList(),
  }
}

function linksOf(links: ReturnType<typeof livingView>['links']): Link[] {
  const found = [
    ...links.hotfixes.map(({ pull, url, state }) => ({
      label: 'hotfix',
      text: new Markup(`#${pull} (${state})`),
      url,
    })),
    ...(links.review
      ? [{ label: 'review', text: new Markup(`#${links.review.issue}`), url: links.review.url }]
      : []),
    ...links.runbooks.map(({ name, url }) => ({ label: '', text: name, url })),
    ...(links.bridge ? [{ label: '', text: 'bridge', url: links.bridge }] : []),
    ...(links.board ? [{ label: '', text: 'board', url: links.board }] : []),
  ]
  return found.map((link, index) => ({
    ...link,
    label: link.label ? `${link.label} ` : '',
    separator: index > 0,
  }))
}

/** Said once where there can be no board, so that nobody looks for one. */
async function boardNotice(shell: Shell, { place }: Loaded, boardUrl: string | null): Promise<string | null> {
  const board = boardUrl ? null : await keptBoard(shell, place)
  return board?.offered === false ? `No board here (${board.why}): the labels carry the same.` : null
}

/** Open action items of earlier incidents on the same services: what was known before. */
async function knownBefore(shell: Shell, { incident, target, place }: Loaded) {
  if (incident.services.length === 0) return []
  const today = place.calendar.date(shell.now())
  const open = await shell.store.items.open(target.repository)
  return open
    .filter(
      (item) =>
        item.incident !== target.incident && item.services.some((one) => incident.services.includes(one)),
    )
    .slice(0, 5)
    .map((item) => {
      const days = item.due ? place.calendar.daysBetween(item.due, today) : 0
      return {
        since: item.incidentId,
        text: new Markup(`#${item.number}`),
        url: item.url,
        what: cut(item.text),
        overdue: days > 0 ? `${days} ${days === 1 ? 'day' : 'days'}` : null,
        owner: item.owner ? `@${item.owner}` : null,
      }
    })
}
