// `_extends`: reads a configuration on top of another repository's.
import { type ParsedPolicy, policyOf, readUnchecked, type UncheckedFile } from './policy.ts'
import type { Located } from './problem.ts'
import { pathKey } from './yaml.ts'

/** A file in a repository; `owner` is null where it is the account of the repository that extends. */
export type FileReference = { owner: string | null; repository: string; path: string }

/** The text of a file, null where there is none or it may not be read. May throw when GitHub does not answer: that
 * decides nothing, and passes through. */
export type ReadFile = (place: FileReference) => Promise<string | null>

const MOST_STEPS = 5

/** Reads a configuration and what it extends. Maps are merged deep, lists and single values replaced, the file's own
 * word wins. `problems` name the file in which each stands. */
export async function resolveExtends(given: {
  text: string
  source: string
  read: ReadFile
}): Promise<ParsedPolicy> {
  let unchecked = readUnchecked(given.text, given.source)
  const seen = new Set<string>()
  for (let next = extended(unchecked); next !== undefined; next = extended(unchecked)) {
    const place = parseReference(next)
    if (!place)
      return refusal(unchecked, next, 'a repository: `repository`, `owner/repository` or either with `:path`')
    const source = referenceText(place)
    if (seen.has(source)) return refusal(unchecked, next, 'a file that does not lead back to this one')
    if (seen.size === MOST_STEPS) return refusal(unchecked, next, `at most ${MOST_STEPS} files in a row`)
    seen.add(source)
    const text = await given.read(place)
    if (text === null)
      return refusal(unchecked, next, 'a repository with that file, in which Mayday is installed')
    unchecked = mergeFiles(readUnchecked(text, source), unchecked)
  }
  return policyOf(unchecked)
}

function extended(unchecked: UncheckedFile): string | undefined {
  if (unchecked.problems.length > 0 || !isMap(unchecked.value)) return undefined
  const next = unchecked.value._extends
  return typeof next === 'string' ? next : undefined
}

function parseReference(text: string): FileReference | null {
  const match = /^(?:([A-Za-z0-9-]{1,39})\/)?([A-Za-z0-9_.-]{1,100})(?::([A-Za-z0-9_./-]{1,200}))?$/.exec(
    text.trim(),
  )
  if (!match?.[2]) return null
  const path = match[3] ?? '.github/mayday.yml'
  if (
    match[2] === '.' ||
    match[2] === '..' ||
    path.split('/').some((part) => part === '' || /^\.\.?$/.test(part))
  ) {
    return null
  }
  return { owner: match[1] ?? null, repository: match[2], path }
}

function referenceText({ owner, repository, path }: FileReference): string {
  return `${owner ? `${owner}/` : ''}${repository}:${path}`
}

function refusal(unchecked: UncheckedFile, found: string, allowed: string): ParsedPolicy {
  const place: Located = unchecked.positions.get(pathKey(['_extends'])) ?? unchecked.whole
  const shown = `\`${found.replaceAll('`', ' ').slice(0, 60)}\``
  const message = `\`_extends\` is ${shown}; allowed: ${allowed}.`
  return {
    policy: null,
    problems: [{ ...place, path: '_extends', found: shown, allowed, message }],
    warnings: [],
  }
}

/** `own` over `base`; the `_extends` that is left is the base's. */
function mergeFiles(base: UncheckedFile, own: UncheckedFile): UncheckedFile {
  const { _extends, ...rest } = isMap(own.value) ? own.value : {}
  const ownPositions = [...own.positions].filter(([key]) => key !== pathKey(['_extends']))
  return {
    value: isMap(base.value) ? merge(base.value, rest) : base.value,
    positions: new Map([...base.positions, ...ownPositions]),
    whole: isMap(base.value) ? own.whole : base.whole,
    problems: [...own.problems, ...base.problems],
  }
}

function merge(base: unknown, own: unknown): unknown {
  if (!isMap(base) || !isMap(own)) return own === undefined ? base : own
  const merged: Record<string, unknown> = Object.create(null)
  for (const key of new Set([...Object.keys(base), ...Object.keys(own)]))
    merged[key] = merge(base[key], own[key])
  return merged
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
