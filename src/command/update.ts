// `/update`: what stakeholders are told.
import type { Arguments } from './arguments/arguments.ts'
import { flagOf } from './arguments/flags.ts'
import { nearest } from './arguments/near-word.ts'
import { Wrong } from './arguments/wrong.ts'
import { row } from './row.ts'

export const update = row({
  usage: '/update [--public] <text>',
  does: 'Tells stakeholders where things stand and resets the update clock.',
  right: 'triage',
  unless: {
    right: 'write',
    when: 'with `--public`',
    as: '/update --public',
    applies: (_, said) => said?.public === true,
  },
  where: 'incident',
  examples: ['/update The fix is being deployed', '/update --public Search is back'],
  read: readUpdate,
  fact: ({ text, public: isPublic }) => ({ kind: 'updated', text, public: isPublic }),
})

/** The option may end the first line or the text as well.
 * @throws Wrong where there is no text, and for what is nearly `--public`: nobody must believe that it was published. */
function readUpdate(args: Arguments): { text: string; public: boolean } {
  const first = flagOf(args.words(1)[0] ?? '')
  const begins = first?.name === 'public'
  if (begins) args.skip(1)
  else if (first?.long && nearest(first.name, ['public']))
    throw new Wrong('unknown-option', { right: '/update --public <text>' })
  const text = args.text() ?? ''
  const lineEnd = text.includes('\n') ? text.indexOf('\n') : text.length
  const line = withoutPublic(text.slice(0, lineEnd))
  const below = withoutPublic(text.slice(lineEnd))
  const words = `${line.text}${below.text}`.trim()
  if (words === '') throw new Wrong('needs-text')
  return { text: words, public: begins || line.public || below.public }
}

function withoutPublic(text: string): { text: string; public: boolean } {
  const start = Math.max(text.lastIndexOf(' '), text.lastIndexOf('\n')) + 1
  const flag = flagOf(text.slice(start))
  if (!flag?.long || flag.name !== 'public') return { text, public: false }
  return { text: text.slice(0, start).trimEnd(), public: true }
}
