// The model of a burst: what people do in one incident, all of it at once, and what must stand on GitHub in the end.
import { expect } from 'vitest'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Issue } from '../sandbox/world/world.ts'

/** Nothing but what people say may happen in a burst: no clock of an incident runs for five days, and then one, once. */
export const STILL = `
severities:
  P1: { name: High, update_every: off, external_within: off, escalate: [] }
  P2: { name: Medium, update_every: off, escalate: [] }
nudges: { no_lead: { after: 5d, times: 1 }, quiet: { after: 30d }, handover: { offer: 30d, demand: 31d } }
`

const NOTES = 4
const ITEMS = 2
const EACH_MS = 2_000

export const finding = (note: number): string => `Finding number ${note} of the night.`
const task = (item: number): string => `Mend part ${item} of the index`

/** One incident, told by several people from its declaration to its end: sixteen deliveries. `pass` moves the time that
 * the sandbox has. */
export function burst(sandbox: Sandbox, pass: (ms: number) => void): Issue {
  const [ada, cy, bo] = [sandbox.as('ada'), sandbox.as('cy'), sandbox.as('bo')]
  const issue = ada.openIssue({ title: `Search answers slowly, part ${sandbox.repository().issues.size}` })
  const says = (who: typeof ada, text: string): void => {
    pass(EACH_MS)
    who.comment(issue, text)
  }
  pass(EACH_MS)
  ada.label(issue, 'incident', 'sev:P2')
  says(bo, '/ack')
  says(ada, '/sev P1 more regions than we thought')
  for (let note = 1; note <= NOTES; note += 1) says(note % 2 ? ada : cy, `/note ${finding(note)}`)
  says(ada, '/impact One search in ten takes 5 s\n/lead @cy')
  says(cy, '/hotfix Ask the old index')
  for (let item = 1; item <= ITEMS; item += 1)
    says(cy, `/action @ada due:2097-03-0${item} [P2] ${task(item)}`)
  says(cy, '/status monitoring')
  says(bo, '/update Search is fast again')
  says(cy, '/resolve')
  return issue
}

/** What must be there once everything has taken effect, once, and nothing beside it. */
export function expectAllOf(sandbox: Sandbox, issues: readonly Issue[]): void {
  for (const issue of issues) {
    expectTimeline(sandbox, issue)
    expectIssue(sandbox, issue)
    expectMade(sandbox, issue)
  }
  expectNothingElse(sandbox, issues)
  expect(sandbox.violations).toEqual([])
}

const isOurs =
  (sandbox: Sandbox) =>
  ({ author }: { author: { login: string } }): boolean =>
    author === sandbox.world.app.bot

/** Without the invisible characters that keep people's text from being more than text. */
const readable = (text: string): string => text.replaceAll(/[\u200b-\u200d\u2060\u2063\ufeff]/g, '')
/** The number that the entry got on its arrival. */
const rowOf = (text: string, entry: string): number =>
  Number(new RegExp(`^\\| (\\d+) \\| [^|]+ \\| ${entry}`, 'm').exec(text)?.[1])
/** The numbers of the notes' rows, in the order of their times. */
export function noteNumbers(issue: Issue): number[] {
  const rows = issue.comments.flatMap(({ body }) => [
    ...readable(body).matchAll(/^\| (\d+) \| .*\| Finding number/gm),
  ])
  return rows.map(([, number]) => Number(number))
}
const countOf = (text: string, part: string): number => text.split(part).length - 1

/** The living comment, and what else was said. */
function expectTimeline(sandbox: Sandbox, issue: Issue): void {
  const ours = issue.comments.filter(isOurs(sandbox))
  const living = ours.filter((comment) => comment.body.includes('**Timeline**'))
  expect(living, `living comments of #${issue.number}`).toHaveLength(1)
  const text = readable(living[0]?.body ?? '')
  expect(text).toContain(`| **Severity** | P1 High (was P2`)
  expect(text).toMatch(/\| \*\*Status\*\* \| resolved/i)
  expect(text).toMatch(/\| \*\*Lead\*\* \| @cy \|/)
  const rows = text.split('\n').flatMap((line) => /^\| (\d+) \| [^|]+ \| (.*)$/.exec(line) ?? [])
  const numbers = text.match(/^\| \d+ \|/gm) ?? []
  expect(new Set(numbers).size, rows.join('\n')).toBe(numbers.length)
  for (let note = 1; note <= NOTES; note += 1) expect(countOf(text, finding(note)), `note ${note}`).toBe(1)
  expect(countOf(text, 'Search is fast again')).toBe(1)

  const others = ours.filter((comment) => !living.includes(comment)).map((comment) => readable(comment.body))
  expect(new Set(others).size, others.join('\n\n')).toBe(others.length)
  for (const said of others) expect(said).toMatch(/is now|severity/i)
  // Declared last, as deliveries may come, it was never seen to move. Where the severity that asks for a review arrives
  // after the end, the end was told as closed first.
  const told = others.filter((said) => /is now \*\*(resolved|closed)\*\*/.test(said))
  if (rowOf(text, 'Declared') < rowOf(text, 'Resolved')) expect(told, others.join('\n\n')).not.toEqual([])
}

/** What people see without opening anything: reactions, state, labels. */
function expectIssue(sandbox: Sandbox, issue: Issue): void {
  const { bot } = sandbox.world.app
  for (const comment of issue.comments.filter((one) => one.author !== bot)) {
    const reactions = comment.reactions.filter((one) => one.user === bot).map((one) => one.content)
    expect(reactions.toSorted(), comment.body).toEqual(['eyes', 'rocket'])
  }
  expect(issue.state).toBe('closed')
  expect(issue.labels.map((label) => label.name).toSorted()).toEqual([
    'incident',
    'sev:P1',
    'status:resolved',
  ])
}

/** The branch with its commit, the pull request, the review and the action items, each of them once. */
function expectMade(sandbox: Sandbox, issue: Issue): void {
  const id = `INC-${issue.number}`
  const { issues, branches } = sandbox.repository()
  const titled = (title: string): Issue[] => [...issues.values()].filter((one) => one.title === title)
  const branch = `hotfix/incident-${id}`
  expect([...branches.keys()].filter((name) => name === branch || name.startsWith(`${branch}-`))).toEqual([
    branch,
  ])
  expect(commitsOn(sandbox, branch)).toBe(1)
  expect(titled(`Hotfix: ${id} - Ask the old index`)).toHaveLength(1)
  expect(titled(`Post-incident review: ${id} ${issue.title}`)).toHaveLength(1)
  for (let item = 1; item <= ITEMS; item += 1) {
    const [made, ...more] = titled(`[PIR] ${id}: ${task(item)}`)
    expect(made?.assignees.map((one) => one.login)).toEqual(['ada'])
    expect(more).toEqual([])
  }
}

function expectNothingElse(sandbox: Sandbox, issues: readonly Issue[]): void {
  const repository = sandbox.repository()
  expect(repository.issues.size).toBe(issues.length * (3 + ITEMS))
  expect(repository.branches.size).toBe(1 + issues.length)
  expect(sandbox.world.projects).toHaveLength(1)
  const carded = sandbox.world.projects.flatMap((project) => project.items.map((item) => item.content))
  expect(new Set(carded).size).toBe(carded.length)
  for (const issue of issues) expect(carded).toContain(issue)
}

/** Commits of a branch that `main` does not have. */
function commitsOn(sandbox: Sandbox, branch: string): number {
  const { branches, commits } = sandbox.repository()
  let count = 0
  let at = branches.get(branch)
  while (at !== undefined && at !== branches.get('main') && count < 100) {
    count += 1
    at = commits.get(at)?.parents[0]
  }
  return count
}
