// Help: the commands as `/help` and the living comment list them.
import type { Where } from '../command/row.ts'
import { commandsFor } from '../command/table/help.ts'
import { Markup } from '../markdown.ts'
import type { CommandView } from './views.ts'

/** The words are ours, so they keep their Markdown. */
export const commandViews = (on: Exclude<Where, 'anywhere'> = 'incident'): CommandView[] =>
  commandsFor(on).map(({ usage, does }) => ({ usage: new Markup(usage), does: new Markup(does) }))
