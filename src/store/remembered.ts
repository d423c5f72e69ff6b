// What is remembered of each thing that Mayday made on GitHub, by kind: as the code knows it, and as its row holds it.

/** The body of a row: JSON, also of older versions. */
export type Stored = { readonly [name: string]: unknown }

type Made = { nodeId: string; url: string }

/** Whether a thing shows what Mayday wrote last. `changed`: somebody changed it since (`by` tells one change from another), so
 * it is compared with GitHub before anything is written. */
type Shown<Wanted> = { state: 'settled'; wanted: Wanted } | { state: 'changed'; by: string }

/** One of the comments in which an incident is told. It comes back after it is `deleted`, but only once: then it is `unwanted`. */
type TimelinePart =
  | ({
      state: 'written'
      id: number
      /** Of what the comment says; null where somebody changed it since. */
      hash: string | null
      /** What was written; null in rows of older versions. */
      text: string | null
      /** The mark under which it came back. */
      remade: string | null
    } & Made)
  | { state: 'deleted' }
  | { state: 'unwanted' }

/** What a card says, by the board's field. */
type StoredValues = { readonly [field: string]: string | null }

export type Remembered = {
  issue: Made
  living: TimelinePart
  /** By its number. */
  continuation: TimelinePart
  pin: { id: number }
  /** By the notice's key. */
  said: { id: number; url: string }
  /** What the issue shows besides its comments. `wrong`: a person changed the title and has no right to it. */
  labels: { state: 'settled'; wanted: string } | { state: 'changed'; by: string; title: 'theirs' | 'wrong' }
  /** `given` is the text that it was opened with. */
  review: Made & { given: string; assignee: string | null }
  /** By the item's key. `given` is the text that Mayday wrote last, `assigned` whom it assigned. */
  item: Made & { given: string; assigned: string; shown: Shown<string> }
  /** By the pull request's number. */
  hotfix: Made
  /** By its GraphQL node id, which is all that a card's delivery names: what of ours it is. */
  node: { what: 'incident' | 'hotfix' | 'review' } | { what: 'item'; item: string }
  /** By the node id of what the card shows. */
  card: { itemId: string; shown: Shown<StoredValues> }
  /** Where an incident's issue was before it was transferred. */
  moved: { readonly [name: string]: never }
}
export type Kind = keyof Remembered

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const number = (value: unknown): number => (typeof value === 'number' ? value : 0)
const made = ({ nodeId, url }: Stored): Made => ({ nodeId: text(nodeId), url: text(url) })
const asIs = (body: Stored): Stored => body

const PART: Form<TimelinePart> = {
  read(stored) {
    const { id, hash, text, again, gone } = stored
    if (gone === true) return { state: 'unwanted' }
    if (typeof id !== 'number') return { state: 'deleted' }
    const remade = textOrNull(again)
    return { state: 'written', id, ...made(stored), hash: textOrNull(hash), text: textOrNull(text), remade }
  },
  write(part) {
    if (part.state === 'unwanted') return { gone: true }
    if (part.state === 'deleted') return { again: 'soon' }
    const { id, nodeId, url, hash, text, remade } = part
    return { id, nodeId, url, hash: hash ?? undefined, text: text ?? undefined, again: remade ?? undefined }
  },
}

/** Rows say `changedBy`, and an empty wish, where somebody changed the thing. */
const shownText = ({ wanted, changedBy }: Stored): Shown<string> =>
  text(wanted) === '' ? { state: 'changed', by: text(changedBy) } : { state: 'settled', wanted: text(wanted) }
const storedText = (shown: Shown<string>): Stored =>
  shown.state === 'settled' ? { wanted: shown.wanted } : { wanted: '', changedBy: shown.by }

function values(stored: unknown): StoredValues {
  if (typeof stored !== 'object' || stored === null) return {}
  const fields = Object.entries(stored).filter(([, value]) => value === null || typeof value === 'string')
  return Object.fromEntries(fields)
}

/** How one kind is read from its row, and written into it. */
type Form<Body> = { read(stored: Stored): Body; write(body: Body): Stored }

export const FORMS: { readonly [K in Kind]: Form<Remembered[K]> } = {
  issue: { read: made, write: asIs },
  living: PART,
  continuation: PART,
  pin: { read: ({ id }) => ({ id: number(id) }), write: asIs },
  said: { read: ({ id, url }) => ({ id: number(id), url: text(url) }), write: asIs },
  labels: {
    read: ({ wanted, by, title }) =>
      typeof wanted === 'string'
        ? { state: 'settled', wanted }
        : { state: 'changed', by: text(by), title: title === 'put back' ? 'wrong' : 'theirs' },
    write: (labels) =>
      labels.state === 'settled'
        ? { wanted: labels.wanted }
        : { by: labels.by, title: labels.title === 'wrong' ? 'put back' : undefined },
  },
  review: {
    read: (stored) => ({ ...made(stored), given: text(stored.given), assignee: textOrNull(stored.assignee) }),
    write: asIs,
  },
  item: {
    read: (stored) => ({
      ...made(stored),
      given: text(stored.given),
      assigned: text(stored.assigned),
      shown: shownText(stored),
    }),
    write: ({ shown, ...item }) => ({ ...item, ...storedText(shown) }),
  },
  hotfix: { read: made, write: asIs },
  node: {
    read: ({ what, item }) => {
      if (what === 'item') return { what, item: text(item) }
      return { what: what === 'hotfix' || what === 'review' ? what : 'incident' }
    },
    write: asIs,
  },
  card: {
    read: ({ itemId, values: wanted, changedBy }) => ({
      itemId: text(itemId),
      shown: wanted
        ? { state: 'settled', wanted: values(wanted) }
        : { state: 'changed', by: text(changedBy) },
    }),
    write: ({ itemId, shown }) =>
      shown.state === 'settled' ? { itemId, values: shown.wanted } : { itemId, changedBy: shown.by },
  },
  moved: { read: () => ({}), write: asIs },
}
