// Describes what is wrong with a configuration: where, what was found, what is allowed.
import { z } from 'zod'
import { nearest } from '../incident/policy/nearest.ts'
import { file } from './schema.ts'
import { type Path, type Position, pathKey } from './yaml.ts'

/** One problem. `line` and `column` count from 1, in the file `source`. */
export type Problem = Position & {
  source: string
  /** `severities.P0.respond_within`, `escalate[1].to`; empty for the file as a whole. */
  path: string
  /** The value as it is shown: `"5 minutes"`, `a list`; for an unknown key the key itself. */
  found: string
  /** What is allowed there, as Markdown. */
  allowed: string
  nearest?: string
  /** All of it in one or two sentences of Markdown. */
  message: string
}

export type Located = Position & { source: string }

/** The part of JSON Schema that the generated schema uses. */
export type SchemaNode = {
  type?: string
  properties?: { [key: string]: SchemaNode }
  additionalProperties?: SchemaNode | boolean
  propertyNames?: SchemaNode
  items?: SchemaNode
  anyOf?: SchemaNode[]
  enum?: (string | number | boolean)[]
  const?: string | number | boolean
  default?: unknown
  description?: string
  allowed?: string
  defaults?: string
}

const fixed = z.union([z.string(), z.number(), z.boolean()])

const schemaNode: z.ZodType<SchemaNode> = z.lazy(() =>
  z.object({
    type: z.string().exactOptional(),
    properties: z.record(z.string(), schemaNode).exactOptional(),
    additionalProperties: z.union([z.boolean(), schemaNode]).exactOptional(),
    propertyNames: schemaNode.exactOptional(),
    items: schemaNode.exactOptional(),
    anyOf: z.array(schemaNode).exactOptional(),
    enum: z.array(fixed).exactOptional(),
    const: fixed.exactOptional(),
    default: z.unknown().exactOptional(),
    description: z.string().exactOptional(),
    allowed: z.string().exactOptional(),
    defaults: z.string().exactOptional(),
  }),
)

/** The schema of the file for editors (JSON Schema 2020-12). */
export const jsonSchema = z.toJSONSchema(file, { io: 'input', unrepresentable: 'any' })

/** The same, as far as we read it ourselves. */
export const schemaRoot: SchemaNode = schemaNode.parse(jsonSchema)

/** Says zod's issues in our words, in the order of the file. `locate` finds the place of a path, or of the nearest
 * part of it above. A key that is missing because it is misspelt is told once. */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  locate: (path: Path) => Located,
): Problem[] {
  const findings = issues.flatMap((issue) => flatten(issue, value, [])).slice(0, MOST_PROBLEMS)
  const problems = findings.map((finding) => problemOf(finding, locate))
  const meant = new Set(problems.map(({ path, nearest }) => path.replace(/[^.]*$/, nearest ?? '')))
  return problems
    .filter(({ path, found }) => found !== MISSING || !meant.has(path))
    .sort((a, b) => a.line - b.line || a.column - b.column)
}

const MISSING = 'missing'

/** GitHub takes 50 annotations per call. */
const MOST_PROBLEMS = 50

type FlatIssue = { path: Path; value: unknown; key: boolean }

function flatten(issue: z.core.$ZodIssue, root: unknown, prefix: Path): FlatIssue[] {
  const path: Path = [
    ...prefix,
    ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
  ]
  const value = valueAt(root, path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      value: valueAt(root, [...path, key]),
      key: true,
    }))
  }
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.find((errors) => errors.every((error) => isInside(error)))
    if (inner) return inner.flatMap((error) => flatten(error, root, path))
  }
  return [{ path, value, key: issue.code === 'invalid_key' }]
}

/** Whether an issue of one branch of a union means that the branch was the right one, but something in it wrong. */
function isInside(issue: z.core.$ZodIssue): boolean {
  return issue.path.length > 0 || issue.code === 'unrecognized_keys'
}

function problemOf({ path, value, key }: FlatIssue, locate: (path: Path) => Located): Problem {
  const place = locate(path)
  const name = pathText(path)
  if (key) return unknownKey(path, place)
  const node = nodeAt(path)
  const found = displayValue(value)
  const allowed = allowedBy(node)
  const near = typeof value === 'string' ? nearest(value, choices(node)) : undefined
  const meant = near === undefined ? '' : ` Did you mean \`${near}\`?`
  return {
    ...place,
    path: name,
    found,
    allowed,
    ...(near !== undefined && { nearest: near }),
    message: `\`${name || 'The file'}\` is ${found}; allowed: ${allowed}.${meant}`,
  }
}

function unknownKey(path: Path, place: Located): Problem {
  const key = String(path.at(-1))
  const parent = nodeAt(path.slice(0, -1))
  const keys = objectNodes(parent).flatMap((node) => Object.keys(node.properties ?? {}))
  const names = objectNodes(parent).find((node) => node.propertyNames)?.propertyNames
  const allowed = keys.length > 0 ? list(keys) : allowedBy(names)
  const near = nearest(key, keys)
  const found = codeSpan(key)
  const shared = { ...place, path: pathText(path), found, allowed }
  const inside = path.length > 1 ? ` in \`${pathText(path.slice(0, -1))}\`` : ''
  const message = `${found} is no key${inside}${near === undefined ? '' : `; did you mean \`${near}\`?`}`
  if (near === undefined) return { ...shared, message: `${message}; allowed: ${allowed}.` }
  return { ...shared, nearest: near, message: `${message} Allowed: ${allowed}.` }
}

/** `a.b[1]`, as people write it. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? part : `${text}.${part}`
  }, '')
}

/** A value in a few words: short values as they are, long ones cut, lists and maps by name. */
export function displayValue(value: unknown): string {
  if (value === undefined) return MISSING
  if (value === null) return 'empty'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'a map'
  return codeSpan(String(value))
}

/** Values come from a file that anyone may have written, and are shown in comments: no way out of the code span. */
function codeSpan(value: string): string {
  const clean = value.replace(/[`\p{C}\p{Zl}\p{Zp}]/gu, ' ')
  return `\`${clean.length > 60 ? `${clean.slice(0, 59)}…` : clean || ' '}\``
}

/** What a node of the schema lets stand, as Markdown: the words of the field, else what follows from its type. */
export function allowedBy(node: SchemaNode | undefined): string {
  if (!node) return 'nothing'
  if (node.allowed) return node.allowed
  if (node.enum) return list(node.enum.map(String))
  if (node.const !== undefined) return `\`${node.const}\``
  if (node.anyOf) return node.anyOf.map(allowedBy).join(', or ')
  if (node.type === 'array') return `a list, each item ${allowedBy(node.items)}`
  if (node.properties) return `a map with the keys ${list(Object.keys(node.properties))}`
  if (node.type === 'object') return 'a map'
  return node.type ?? 'a value'
}

function list(names: string[]): string {
  return names.map((name) => `\`${name}\``).join(' ')
}

/** The fixed words that a node allows, for "did you mean"; people write `yes` for `true`. */
function choices(node: SchemaNode | undefined): string[] {
  if (!node) return []
  return [...(node.enum ?? []), ...(node.const === undefined ? [] : [node.const])]
    .map(String)
    .concat((node.anyOf ?? []).flatMap(choices))
}

function nodeAt(path: Path): SchemaNode | undefined {
  let nodes: SchemaNode[] = [schemaRoot]
  for (const part of path) nodes = nodes.flatMap((node) => childrenOf(node, part))
  return nodes.length > 1 ? { anyOf: nodes } : nodes[0]
}

function childrenOf(node: SchemaNode, part: string | number): SchemaNode[] {
  if (node.anyOf) return node.anyOf.flatMap((branch) => childrenOf(branch, part))
  if (typeof part === 'number') return node.items ? [node.items] : []
  const known = node.properties && Object.hasOwn(node.properties, part) ? node.properties[part] : undefined
  if (known) return [known]
  return typeof node.additionalProperties === 'object' ? [node.additionalProperties] : []
}

function objectNodes(node: SchemaNode | undefined): SchemaNode[] {
  if (!node) return []
  return node.anyOf ? node.anyOf.flatMap(objectNodes) : [node]
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    return Reflect.get(value, part)
  }, root)
}

/** Finds the place of a path, or of what holds it. */
export function locator(positions: ReadonlyMap<string, Located>, whole: Located): (path: Path) => Located {
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const position = positions.get(pathKey(path.slice(0, length)))
      if (position) return position
    }
    return whole
  }
}
