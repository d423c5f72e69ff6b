// Help: which commands are shown to people, and where.
import type { Where } from '../row.ts'
import { rows } from './table.ts'

/** What `/help` and the folded list of the living comment show: the commands that mean something on an incident, on a
 * review or on an action item, before those that do so anywhere. */
export function commandsFor(where: Exclude<Where, 'anywhere'>): { usage: string; does: string }[] {
  const built = rows().filter(({ row }) => !('notYet' in row))
  const shown = [where, 'anywhere'].flatMap((place) => built.filter(({ row }) => row.where === place))
  return shown.map(({ row: { usage, does } }) => ({ usage, does }))
}

/** The table of commands in Markdown. */
export function commandsTable(): string {
  const lines = rows()
    .filter(({ row }) => !('notYet' in row))
    .map(({ row }) => `| \`${row.usage}\` | ${row.does} | ${whoMay(row)} |`)
  return ['| Command | What it does | Who may |', '| --- | --- | --- |', ...lines].join('\n')
}

function whoMay({ right, unless }: ReturnType<typeof rows>[number]['row']): string {
  const names = { none: 'everyone', read: '`read`', triage: '`triage`', write: '`write`' }
  return unless ? `${names[right]}; ${names[unless.right]} ${unless.when}` : names[right]
}
