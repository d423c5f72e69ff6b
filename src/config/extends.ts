// `_extends`: one configuration that is read on top of another repository's.
import { type ParsedPolicy, policyOf, type Reading, readFile } from './policy.ts'
import type { Located } from './problem.ts'
import { pathKey } from './yaml.ts'

/** A file in a repository; `owner` is null where it is the account of the repository that extends. */
export type Place = { owner: string | null; repository: string; path: string }

/** The text of a file, null where there is none or it may not be read. May throw when GitHub does not answer: that
 * decides nothing, and passes through. */
export type ReadPlace = (place: Place) => Promise<string | null>

const MOST_STEPS = 5

/** Reads a configuration and what it extends. Maps are merged deep, lists and single values replaced, the file's own
 * word wins. `problems` name the file in which each stands. */
export async function resolveExtends(given: {
  text: string
  source: string
  read: ReadPlace
}): Promise<ParsedPolicy> {
  let reading = readFile(given.text, given.source)
  const seen = new Set<string>()
  for (let next = extended(reading); next !== undefined; next = extended(reading)) {
    const place = parsePlace(next)
    if (!place)
      return refused(reading, next, 'a repository: `repository`, `owner/repository` or either with `:path`')
    const source = placeText(place)
    if (seen.has(source)) return refused(reading, next, 'a file that does not lead back to this one')
    if (seen.size === MOST_STEPS) return refused(reading, next, `at most ${MOST_STEPS} files in a row`)
    seen.add(source)
    const text = await given.read(place)
    if (text === null)
      return refused(reading, next, 'a repository with that file, in which Mayday is installed')
    reading = mergeReadings(readFile(text, source), reading)
  }
  return policyOf(reading)
}

function extended(reading: Reading): string | undefined {
  if (reading.problems.length > 0 || !isMap(reading.value)) return undefined
  const next = reading.value._extends
  return typeof next === 'string' ? next : undefined
}

function parsePlace(text: string): Place | null {
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

function placeText({ owner, repository, path }: Place): string {
  return `${owner ? `${owner}/` : ''}${repository}:${path}`
}

function refused(reading: Reading, found: string, allowed: string): ParsedPolicy {
  const place: Located = reading.positions.get(pathKey(['_extends'])) ?? reading.whole
  const shown = `\`${found.replaceAll('`', ' ').slice(0, 60)}\``
  const message = `\`_extends\` is ${shown}; allowed: ${allowed}.`
  return {
    policy: null,
    problems: [{ ...place, path: '_extends', found: shown, allowed, message }],
    warnings: [],
  }
}

/** `own` over `base`; the `_extends` that is left is the base's. */
function mergeReadings(base: Reading, own: Reading): Reading {
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
