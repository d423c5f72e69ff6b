// The demo's stage: moves the clocks of both processes, lets people act, and prints only what it has seen.
import { clock } from '../../clock.ts'
import type { AppProcess } from '../app-process.ts'
import type { Person } from '../person.ts'
import type { Sandbox } from '../sandbox.ts'
import type { Issue, IssueComment, Project, ProjectItem } from '../world/world.ts'
import { printAct, printDay, printLink, printQuote, printSeen } from './print.ts'
import { utc } from './scene.ts'

/** How long the sandbox is looked at before a claim counts as not kept, in real milliseconds. */
const PATIENCE_MS = 20_000
const LOOK_EVERY_MS = 20
/** While the demo waits, its time runs about ten times as fast as the machine's. */
const LAPSE_MS = { every: 100, by: 900 }

/** A claim that the sandbox did not show in time; the demo ends with it. */
export class NotSeen extends Error {}

export class Stage {
  readonly sandbox: Sandbox
  readonly app: AppProcess
  /** Every claim that was printed, in order. */
  readonly seen: string[] = []
  #act = ''
  #day = ''

  constructor(sandbox: Sandbox, app: AppProcess) {
    this.sandbox = sandbox
    this.app = app
  }

  /** Moves both clocks to this moment (UTC) and says who does what then. */
  async at(time: string, who: string, does: string): Promise<Person> {
    await this.#turn(time, who, does)
    return this.sandbox.as(who)
  }

  /** The same where none of the people acts. */
  async passes(time: string, what: string): Promise<void> {
    await this.#turn(time, '', what)
  }

  async #turn(time: string, who: string, does: string): Promise<void> {
    const moment = utc(time)
    if (moment > Date.now()) await this.moveClocks(moment)
    const day = time.slice(0, 10)
    if (day !== this.#day) printDay(moment)
    this.#day = day
    this.#act = `${time} ${does}`
    printAct(moment, who, does)
  }

  /** Looks until the sandbox shows it, then prints the claim. Throws NotSeen when it never does. */
  async sees<T>(claim: string, look: () => T | undefined | null | false): Promise<T> {
    const found = await this.#find(claim, look)
    printSeen(claim)
    this.seen.push(claim)
    return found
  }

  /** The same for words that Mayday wrote: they are printed as they stand, without their folded part. */
  async reads(claim: string, look: () => IssueComment | undefined): Promise<IssueComment> {
    const comment = await this.sees(claim, look)
    printQuote(plain(comment.body))
    return comment
  }

  /** Both processes live in the same time. */
  async moveClocks(at: number): Promise<void> {
    clock.set(at)
    await this.app.setClock(at)
  }

  link(issue: Issue, comment?: IssueComment): void {
    printLink(`${addressOf(this.sandbox, issue)}${comment ? `#issuecomment-${comment.id}` : ''}`)
  }

  async #find<T>(claim: string, look: () => T | undefined | null | false): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS
    let moved = performance.now()
    for (;;) {
      const found = look()
      if (found !== undefined && found !== null && found !== false) return found
      if (this.app.exitCode !== null) throw new NotSeen(`The app ended at: ${this.#act}\n${this.app.stderr}`)
      if (performance.now() > deadline) {
        throw new NotSeen(`Not seen within ${PATIENCE_MS / 1000} s: ${claim}\n  at: ${this.#act}`)
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
      if (performance.now() - moved < LAPSE_MS.every) continue
      await this.moveClocks(Date.now() + LAPSE_MS.by)
      moved = performance.now()
    }
  }
}

export const addressOf = (sandbox: Sandbox, issue: Issue): string =>
  `${sandbox.url}/acme/search/${issue.pull ? 'pull' : 'issues'}/${issue.number}`

/** Without what makes people's words harmless (zero width), hidden marks, folded parts, and links' addresses. */
export const plain = (body: string): string =>
  body
    .replaceAll(/[\u200b-\u200d\u2060\ufeff]/g, '')
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/<details>[\s\S]*?<\/details>/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\*\*|&nbsp;/g, '')
    .replaceAll(/\n{2,}/g, '\n')
    .trim()

const byMayday = (comment: IssueComment): boolean => comment.author.login === 'mayday[bot]'

const isLiving = (comment: IssueComment): boolean => byMayday(comment) && comment.body.startsWith('### ')

/** The comment of Mayday's that says this, the living one apart. */
export const said = (issue: Issue, words: string): IssueComment | undefined =>
  issue.comments.find(
    (comment) => byMayday(comment) && !isLiving(comment) && plain(comment.body).includes(words),
  )

/** The living comment once it says all of this. */
export const living = (issue: Issue, ...words: string[]): IssueComment | undefined => {
  const found = issue.comments.find(isLiving)
  return found && words.every((word) => plain(found.body).includes(word)) ? found : undefined
}

export const labelled = (issue: Issue, ...names: string[]): boolean =>
  names.every((name) => issue.labels.some((label) => label.name === name))

export const reacted = (comment: IssueComment, content: string): boolean =>
  comment.reactions.some((reaction) => reaction.user.login === 'mayday[bot]' && reaction.content === content)

/** The board's card of this issue or pull request. */
export const cardOf = (board: Project | undefined, issue: Issue): ProjectItem | undefined =>
  board?.items.find((item) => item.content === issue && item.archivedAt === null)

/** What a card shows in a field; null where it shows nothing. */
export function shown(card: ProjectItem | undefined, name: string): string | number | null {
  for (const [field, value] of card?.values ?? []) {
    if (field.name !== name) continue
    if (value.type === 'text') return value.text
    if (value.type === 'number') return value.number
    if (value.type === 'date') return value.date
    return field.options.find(({ id }) => id === value.optionId)?.name ?? null
  }
  return null
}
