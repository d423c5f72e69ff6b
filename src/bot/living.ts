// The living comment and the issue around it: one comment, its continuations, the labels, open or closed.

import { SEVERITY_LABEL, STATUS_LABEL } from '../github/by-hand.ts'
import { type Put, pinComment, putComment } from '../github/comments.ts'
import { getIssue, setLabels, setState } from '../github/issues.ts'
import { mark } from '../github/mark.ts'
import { livingView } from '../incident/living.ts'
import { Markup, spans } from '../markdown.ts'
import { commandList } from './answer.ts'
import { boardKey, boardUrlOf } from './board.ts'
import { type EntryView, entries } from './entries.ts'
import { type Loaded, numberOf, refOf, textOf } from './load.ts'
import { addressOf, type Shell } from './shell.ts'

/** GitHub takes 65,536 characters; the rest is room for the mark and for what GitHub counts differently. */
const FULL = 60_000

/** Makes the issue say what is so: comment first, because somebody waits for it. */
export async function syncIssue(shell: Shell, loaded: Loaded): Promise<void> {
  if (!loaded.incident.declared) return
  await syncLiving(shell, loaded)
  await syncLabels(shell, loaded)
}

async function syncLiving(shell: Shell, loaded: Loaded): Promise<void> {
  const { incident, place } = loaded
  const all = entries(shell, incident, place.policy)
  const view = await livingWords(shell, loaded)
  const render = (shown: EntryView[], older: { count: number; url: string } | null): string =>
    shell.templates.render('living', { ...view, entries: shown, older })
  let body = render(all, null)
  if (body.length > FULL) {
    const rolled = await rollOver(shell, loaded, { all, room: FULL - render([], null).length })
    body = render(rolled.shown, { count: all.length - rolled.shown.length, url: rolled.url })
  }
  const put = await putPart(shell, loaded, { kind: 'living', key: '', body })
  if (put.outcome === 'made') await pin(shell, loaded, put)
}

/** Moves the oldest entries to continuation comments, so that each part is below the limit; the newest stay. */
async function rollOver(
  shell: Shell,
  loaded: Loaded,
  { all, room }: { all: EntryView[]; room: number },
): Promise<{ shown: EntryView[]; url: string }> {
  const living = textOf(refOf(loaded, 'living'), 'url') || loaded.url
  const parts: EntryView[][] = []
  let rest = all
  while (sizeOf(rest) > room) {
    const taken = fitting(rest, room)
    parts.push(rest.slice(0, taken))
    rest = rest.slice(taken)
  }
  let url = living
  for (const [index, part] of parts.entries()) {
    const body = shell.templates.render('continuation', {
      name: loaded.incident.id,
      part: index + 1,
      living,
      entries: part,
    })
    const put = await putPart(shell, loaded, { kind: 'continuation', key: String(index + 1), body })
    url = put.url
  }
  return { shown: rest, url }
}

/** A row costs its words and the table around them; generous, because what is cut too early does no harm. */
const rowSize = (entry: EntryView): number =>
  entry.text.toString().length + (entry.link?.url.length ?? 0) + 120
const sizeOf = (rows: EntryView[]): number => rows.reduce((size, row) => size + rowSize(row), 0)
function fitting(rows: EntryView[], room: number): number {
  let size = 0
  const index = rows.findIndex((row) => {
    size += rowSize(row)
    return size > room
  })
  return Math.max(1, index)
}

async function putPart(
  shell: Shell,
  loaded: Loaded,
  part: { kind: 'living' | 'continuation'; key: string; body: string },
): Promise<Put> {
  const { target, place, issue } = loaded
  const ref = refOf(loaded, part.kind, part.key)
  const id = numberOf(ref, 'id')
  const known =
    id === undefined
      ? undefined
      : { id, nodeId: textOf(ref, 'nodeId'), url: textOf(ref, 'url'), hash: textOf(ref, 'hash') }
  const put = await putComment(place.github, issue, {
    mark: mark(part.kind, `${target.repository}-${target.number}-${part.key}`),
    body: part.body,
    known,
  })
  if (put.outcome !== 'same' || put.id !== id) {
    const { nodeId, url, hash } = put
    await shell.store.putRef({
      incident: target.incident,
      kind: part.kind,
      key: part.key,
      number: null,
      body: { id: put.id, nodeId, url, hash, text: part.body },
    })
  }
  return put
}

async function pin(shell: Shell, { place }: Loaded, put: Put): Promise<void> {
  const pinned = await pinComment(place.github, addressOf(place), put.id)
  if (!pinned.offered) shell.log.debug({ why: pinned.why }, 'the living comment could not be pinned')
}

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
  return {
    ...view,
    lead: view.lead ? `@${view.lead}` : null,
    roles: view.roles.map(({ role, user }) => ({ role, user: `@${user}` })),
    nextUpdate: view.nextUpdate && {
      at: view.nextUpdate.at,
      by: view.nextUpdate.by ? `@${view.nextUpdate.by}` : null,
    },
    items: view.items.map((item) => ({
      ...item,
      issue: new Markup(`#${item.issue}`),
      owner: item.owner ? `@${item.owner}` : null,
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
  if (place.policy.board === 'none' || boardUrl) return null
  const board = await shell.store.board(place.repository.installation, boardKey(place.policy.board))
  const refused = board as { offered?: boolean; why?: string } | null
  return refused?.offered === false ? `No board here (${refused.why}): the labels carry the same.` : null
}

/** Open action items of earlier incidents on the same services: what was known before. */
async function knownBefore(shell: Shell, { incident, target, place }: Loaded) {
  if (incident.services.length === 0) return []
  const today = place.calendar.date(shell.now())
  const open = await shell.store.openItems(target.repository)
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
        what: item.text,
        overdue: days > 0 ? `${days} ${days === 1 ? 'day' : 'days'}` : null,
        owner: item.owner ? `@${item.owner}` : null,
      }
    })
}

/** Exactly one `sev:*` and one `status:*`, the incident label, and open or closed as the status says.
 * Looks at GitHub only where something of that changed since the last look. */
async function syncLabels(shell: Shell, loaded: Loaded): Promise<void> {
  const { incident, place, issue, target } = loaded
  const want = [
    place.policy.label,
    `${SEVERITY_LABEL}${incident.severity}`,
    `${STATUS_LABEL}${incident.status}`,
  ]
  const over = ['resolved', 'closed', 'cancelled'].includes(incident.status)
  const wanted = `${want.join()} ${over}`
  const ref = refOf(loaded, 'labels')
  if (textOf(ref, 'wanted') === wanted) return
  const present = await getIssue(place.github, issue)
  if (!present) return
  const isOurs = (name: string): boolean => /^(sev|status):/i.test(name)
  await setLabels(place.github, issue, { want, managed: isOurs, present: present.labels })
  const reason = incident.status === 'cancelled' ? 'not_planned' : 'completed'
  await setState(place.github, issue, { state: over ? 'closed' : 'open', ...(over && { reason }), present })
  await shell.store.putRef({
    incident: target.incident,
    kind: 'labels',
    key: '',
    number: null,
    body: { wanted },
  })
}
