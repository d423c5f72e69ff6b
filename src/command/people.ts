// The commands about people: who leads, who has a role, who is called.
import { optionalLogin, requireLogin, requireName, Wrong } from './arguments/arguments.ts'
import { ofIncident, type Rows } from './row.ts'

export const PEOPLE = {
  lead: {
    usage: '/lead [@user]',
    does: 'Makes somebody, or the sender, the lead.',
    ...ofIncident,
    examples: ['/lead @ada', '/lead'],
    read: (args) => {
      const user = optionalLogin(args)
      return { verb: 'lead', ...(user && { user }) }
    },
  },
  role: {
    usage: '/role <role> @user',
    does: 'Gives somebody, or the sender, a role.',
    ...ofIncident,
    examples: ['/role comms @bo', '/role scribe'],
    read: (args) => {
      const before = args.words(1)[0]?.startsWith('@') ? requireLogin(args) : undefined
      const role = requireName(args, 'a role').toLowerCase()
      const user = before ?? optionalLogin(args)
      return { verb: 'role', role, ...(user && { user }) }
    },
  },
  handover: {
    usage: '/handover @user [note]',
    does: 'Hands the lead over.',
    ...ofIncident,
    examples: ['/handover @bo', '/handover @bo the hotfix waits for its review'],
    read: (args) => {
      const user = requireLogin(args)
      const note = args.text()
      return { verb: 'handover', user, ...(note && { note }) }
    },
  },
  page: {
    usage: '/page @user-or-team-or-service [text]',
    does: 'Calls a person, a team or the owners of a service.',
    ...ofIncident,
    examples: ['/page @acme/on-call', '/page @ada The database needs you', '/page api'],
    read: (args) => {
      const target = requireName(args, 'a person, a team or a service')
      if (target.startsWith('@') && !/^@[\w-]+(?:\/[\w.-]+)?$/.test(target))
        throw new Wrong('person', 'needs a person, a team or a service')
      const words = args.text()
      return { verb: 'page', target, ...(words && { text: words }) }
    },
  },
} satisfies Rows
