// Entries: the rows of the timeline, curated by people and following the edits of the comments behind them.
import { RANK } from './base/placement.ts'
import type { At, Decision, Rules, WordsField } from './base/rule.ts'
import type { Event, Incident } from './fold/nouns.ts'

type Curated =
  | { kind: 'entry-amended'; entry: number; text: string }
  | { kind: 'entry-hidden'; entry: number }
  | { kind: 'entry-shown'; entry: number }

export type EntryFact =
  | Curated
  /** `texts`: what the comment says now in each of the places that it had when it was written; empty where its words are
   * gone, null where nothing is known. */
  | { kind: 'comment-edited'; comment: number; texts: (string | null)[] }
  | { kind: 'comment-deleted'; comment: number }

export type Entry = {
  event: Event
  at: number
  text?: string
  /** The field of the event that holds its words, and whether the row makes sense without them. */
  words?: WordsField
  wordless?: true
  /** The acknowledgement that also made its author the lead. */
  leads?: true
  /** It stays with a duplicate when its timeline moves along. */
  stays?: true
  hidden: boolean
  struck: boolean
}

export type EntryState = { entries: Entry[] }

export const ENTRIES: Rules<EntryFact> = {
  'entry-amended': {
    words: 'text',
    always: 'here',
    decide: (incident, event) => decideEntry(incident, event, '/amend 3 <text>'),
    evolve: (incident, { entry: n, text }) =>
      onEntry(incident, n, (entry) => {
        entry.text = text
      }),
  },
  'entry-hidden': {
    always: 'here',
    decide: (incident, event) => decideEntry(incident, event, '/hide 3'),
    evolve: (incident, { entry: n }) =>
      onEntry(incident, n, (entry) => {
        entry.hidden = true
      }),
  },
  'entry-shown': {
    always: 'here',
    decide: (incident, event) => decideEntry(incident, event, '/show 3'),
    evolve: (incident, { entry: n }) =>
      onEntry(incident, n, (entry) => {
        entry.hidden = false
      }),
  },
  'comment-edited': {
    always: 'anywhere',
    evolve(incident, { comment, texts }) {
      for (const entry of entriesOf(incident, comment)) followEdit(entry, texts[entry.event.index])
    },
  },
  'comment-deleted': {
    always: 'anywhere',
    evolve(incident, { comment }) {
      for (const entry of entriesOf(incident, comment)) entry.struck = true
    },
  },
}

function decideEntry({ entries }: Incident, { entry: n }: At<Curated>, usage: string): Decision {
  if (entries.some(({ event }) => event.n === n)) return 'takes-effect'
  return { code: 'entry', given: n, usage }
}

function onEntry({ entries }: Incident, n: number, change: (entry: Entry) => void): void {
  const found = entries.find(({ event }) => event.n === n)
  if (found) change(found)
}

const entriesOf = ({ entries }: Incident, comment: number): Entry[] =>
  entries.filter(({ event }) => event.rank === RANK.comment && event.origin === comment)

/** Makes an entry read as its comment does now. Words that a person took away are gone; the row is struck out where the
 * words were all that it told. */
function followEdit(entry: Entry, words: string | null | undefined): void {
  const field = entry.words
  if (!field || !(field in entry.event) || typeof words !== 'string') return
  if (words === '' && !entry.wordless) {
    entry.struck = true
    return
  }
  entry.struck = false
  entry.event = Object.assign({}, entry.event, { [field]: words })
  if (words === '') Reflect.deleteProperty(entry.event, field)
  delete entry.text
}
