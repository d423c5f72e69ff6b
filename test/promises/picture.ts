// All that one incident is on GitHub, as text that is the same for two incidents which went the same way.
import { readReview } from '../../src/texts/review/sections.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Issue, IssueComment, ProjectItem } from '../sandbox/world/world.ts'
import { madeOf } from './forty.ts'

/** Without what depends on the order of arrival: what was said once on the way (a change of status, a refusal), and the
 * words of the review and the items, which tell what was known when they were opened, as who leads then gets the review. */
export function pictureOf(sandbox: Sandbox, issue: Issue): string {
  const all = [issue, ...madeOf(sandbox, issue)]
  const parts = all.map((one) => [
    `# ${isReview(one) ? 'The review' : one.title} (${one.state} ${one.stateReason ?? ''})`,
    `labels: ${one.labels.map(({ name }) => name).toSorted()}`,
    isReview(one) ? '' : `assignees: ${one.assignees.map(({ login }) => login).toSorted()}`,
    `card: ${cardsOf(sandbox, one).map(valuesOf)}`,
    ...[...readReview(one.body ?? '').lines].map(({ line }) => line).toSorted(),
    ...one.comments.flatMap((comment) => commentLines(sandbox, comment)),
  ])
  return withoutNames(parts.flat().join('\n'), all)
}

const isReview = ({ title }: Issue): boolean => title.startsWith('Post-incident review:')

function commentLines(sandbox: Sandbox, comment: IssueComment): string[] {
  const { bot } = sandbox.world.app
  if (comment.author !== bot) {
    const seen = comment.reactions.filter(({ user }) => user === bot).map(({ content }) => content)
    return [`${comment.author.login}: ${comment.body} (${seen.toSorted()})`]
  }
  return /<!-- mayday:(living|continuation):/.test(comment.body) ? [sortedRows(comment.body)] : []
}

/** What Mayday opened carries the moment at which it came to that; the order of all others is that of the facts. */
function sortedRows(text: string): string {
  const lines = text
    // Its examples have numbers, which mean nothing.
    .replace(/<details><summary>What you can say here<[\s\S]*?<\/details>/, '')
    .replaceAll(/^\| \d+ \|/gm, '| n |')
    .replaceAll(/^\| n \| [^|]+ \| (Hotfix|Review) opened/gm, '| n | T | $1 opened')
    .split('\n')
  const rows = lines.filter((line) => line.startsWith('| n |')).toSorted()
  return lines.map((line) => (line.startsWith('| n |') ? rows.shift() : line)).join('\n')
}

const cardsOf = (sandbox: Sandbox, issue: Issue): ProjectItem[] =>
  sandbox.world.projects.flatMap(({ items }) => items.filter(({ content }) => content === issue))

const valuesOf = (card: ProjectItem): string =>
  [...card.values]
    .map(([field, value]) => {
      const option = value.type === 'option' && field.options.find(({ id }) => id === value.optionId)?.name
      return `${field.name} ${option || JSON.stringify(value)}`
    })
    .toSorted()
    .join(', ')

/** Numbers, ids and days are those of the one incident. */
function withoutNames(text: string, all: readonly Issue[]): string {
  const names = new Map(all.map(({ number }, index) => [String(number), `N${index}`]))
  return text
    .replaceAll(/(INC-|#|\/issues\/|\/pull\/)(\d+)\b/g, (whole, before: string, number: string) =>
      names.has(number) ? `${before}${names.get(number)}` : whole,
    )
    .replaceAll(/(issuecomment-|pullrequestreview-)\d+/g, '$1N')
    .replaceAll(/\b[0-9a-f]{7,40}\b/g, 'SHA')
    .replaceAll(/\b20[23]\d-\d\d-\d\d\b/g, 'DAY')
    .replaceAll(/<!-- mayday:[^>]*-->/g, '')
}
