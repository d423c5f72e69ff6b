// What a card's field says, and how a view filters, groups and sorts by it.
import type { Issue, Millis, ProjectField, ProjectItem } from '../world/world.ts'

const isIssue = (item: ProjectItem): item is ProjectItem & { content: Issue } => item.content.kind === 'Issue'

/** The issue or pull request of a card; null for a draft. */
export const issueOf = (item: ProjectItem): Issue | null => (isIssue(item) ? item.content : null)

/** A field's value in words; empty where it has none, or names an option that is gone. */
export function fieldText(item: ProjectItem, field: ProjectField): string {
  const issue = issueOf(item)
  if (field.dataType === 'TITLE') return item.content.title
  if (field.dataType === 'ASSIGNEES') return issue?.assignees.map(({ login }) => login).join(', ') ?? ''
  if (field.dataType === 'LABELS') return issue?.labels.map(({ name }) => name).join(', ') ?? ''
  if (field.dataType === 'REPOSITORY') return issue?.repository.name ?? ''
  const value = item.values.get(field)
  if (!value) return ''
  if (value.type === 'text') return value.text
  if (value.type === 'number') return String(value.number)
  if (value.type === 'date') return value.date
  return field.options.find(({ id }) => id === value.optionId)?.name ?? ''
}

/** Fields are found by name, in any case, with `-` for a space as in filters. */
export const fieldNamed = (fields: readonly ProjectField[], name: string): ProjectField | undefined =>
  fields.find(
    (field) => field.name.toLowerCase().replaceAll(' ', '-') === name.toLowerCase().replaceAll(' ', '-'),
  )

const TERM = /(?<no>-)?(?<name>[\w-]+):(?<wanted>(?:"[^"]*"|[^\s"])+)/g

/** GitHub's filter, as far as views here need it: `is:open`, `no:due`, `kind:"Action item"`, `due:<@today`, `-phase:Closed`. */
export function passesFilter(item: ProjectItem, filter: string | null, now: Millis): boolean {
  return [...(filter ?? '').matchAll(TERM)].every(({ groups }) => {
    const passes = passesTerm(item, groups?.name ?? '', groups?.wanted ?? '', now)
    return groups?.no ? !passes : passes
  })
}

function passesTerm(item: ProjectItem, name: string, wanted: string, now: Millis): boolean {
  const issue = issueOf(item)
  if (name === 'is') {
    if (wanted === 'open' || wanted === 'closed') return (issue?.state ?? 'open') === wanted
    if (wanted === 'draft') return issue === null
    return wanted === (issue?.pull ? 'pr' : 'issue')
  }
  const { fields } = item.project
  const text = (field: string): string => {
    const found = fieldNamed(fields, field)
    return found ? fieldText(item, found).toLowerCase() : ''
  }
  if (name === 'no') return text(wanted) === ''
  if (name === 'has') return text(wanted) !== ''
  if (name === 'label' && issue) return issue.labels.some((label) => label.name === wanted)
  const found = text(name)
  const choices = wanted.match(/(?:"[^"]*"|[^,"])+/g) ?? []
  return choices.some((one) => compares(found, one.replaceAll('"', '').toLowerCase(), now))
}

function compares(found: string, wanted: string, now: Millis): boolean {
  const [, sign = '', bound = ''] = /^(<=|>=|<|>)?(.*)$/.exec(wanted) ?? []
  const value = bound === '@today' ? new Date(now).toISOString().slice(0, 10) : bound
  if (found === '') return false
  if (sign === '<') return found < value
  if (sign === '<=') return found <= value
  if (sign === '>') return found > value
  if (sign === '>=') return found >= value
  return found === value
}

/** Options in their order, then text by its letters; what is empty comes last. */
export function byField(
  field: ProjectField,
  direction: 'asc' | 'desc',
): (one: ProjectItem, other: ProjectItem) => number {
  const rank = (item: ProjectItem): string => {
    const text = fieldText(item, field)
    if (field.dataType !== 'SINGLE_SELECT') return text
    const index = field.options.findIndex(({ name }) => name === text)
    return index === -1 ? '' : String(index).padStart(4, '0')
  }
  return (one, other) => {
    const [left, right] = [rank(one), rank(other)]
    if (left === '' || right === '') return left === right ? 0 : left === '' ? 1 : -1
    return direction === 'asc' ? left.localeCompare(right) : right.localeCompare(left)
  }
}
